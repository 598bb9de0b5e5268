package dev.weft.serving;

/** The Knative service {@code hello} as tests declare it; a text of spec can follow it. */
final class Hello {

    private Hello() {}

    static String hello(String image) {
        return named("", image);
    }

    /** With a name of its own for the revision. */
    static String named(String revision, String image) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: hello}
                spec:
                  template:
                    metadata:
                      name: "%s"
                      annotations:
                        autoscaling.knative.dev/window: "6s"
                        config.linkerd.io/default-inbound-policy: deny
                    spec:
                      serviceAccountName: greeter
                      containers:
                      - image: %s
                        env: [{name: TARGET, value: world}]
                """.formatted(revision, image);
    }
}
