package dev.weft.runtime.pod;

import dev.weft.model.workload.Instance;
import dev.weft.runtime.image.Executable;
import dev.weft.runtime.image.ImageProblem;
import dev.weft.runtime.namespace.Shown;
import dev.weft.runtime.process.Account;
import dev.weft.runtime.volume.PodVolumes;
import dev.weft.runtime.volume.VolumeProblem;
import dev.weft.runtime.wire.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one start of a container's program needs: all that can be missing is looked for before there is a process. */
final class Preparation {

    private Preparation() {}

    record Prepared(Launch launch, List<Instance.Port> ports) {}

    /** Why it cannot start now; the reason is the container's waiting reason, the message is for people. */
    static final class Refusal extends Exception {

        private static final long serialVersionUID = 1;

        private final String reason;

        Refusal(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }

        /** The message, which is always there. */
        String text() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Makes the pod's volumes where they are not made yet, and the pod an instance.
     *
     * @param run of this container, which joins the pod's others
     */
    static Prepared of(PodRun pod, ContainerSpec spec, PodParts parts, ContainerRun run)
            throws Refusal, IOException, InterruptedException {
        check(pod.spec());
        Optional<Account> account =
                parts.runAs().account(pod.spec().resource().at("/spec/securityContext"), spec.security());
        try {
            pod.volumes().prepare();
            Executable image = parts.images().resolve(spec.image());
            // Known before the program starts: it may call out in its first millisecond, and by the time it is ready
            // the data plane has its listeners and its certificate.
            PodRun.Joined joined = pod.joined(run);
            Map<String, String> environment = parts.environment()
                    .of(
                            pod.spec(),
                            spec,
                            pod.wire().address(),
                            joined.outlets(),
                            image.environment(),
                            pod.told(spec, joined));
            List<Shown> shown = pod.volumes().shown(spec.volumeMounts(), text -> Expansion.expand(text, environment));
            if (!pod.wire().shows()) {
                PodVolumes.told(spec.volumeMounts(), shown).forEach(environment::putIfAbsent);
            }
            return new Prepared(launch(spec, image, environment, shown, account), joined.ports(spec));
        } catch (ImageProblem e) {
            throw new Refusal(e.reason(), e.text());
        } catch (VolumeProblem e) {
            throw new Refusal("FailedMount", String.valueOf(e.getMessage()));
        } catch (Environment.MissingReference e) {
            throw new Refusal("CreateContainerConfigError", String.valueOf(e.getMessage()));
        }
    }

    private static void check(PodSpec pod) throws Refusal {
        if (!pod.unsupported().isEmpty()) {
            throw new Refusal(
                    "NotSupported",
                    "not built yet in Weft, so this pod is not started: " + String.join(", ", pod.unsupported()));
        }
        List<String> misnamed = pod.misnamed();
        if (!misnamed.isEmpty()) {
            throw new Refusal(
                    "InvalidName",
                    String.join(", ", misnamed) + " (expected: at most 63 of a-z, 0-9 and -, no - at either end)");
        }
    }

    private static Launch launch(
            ContainerSpec spec,
            Executable image,
            Map<String, String> environment,
            List<Shown> shown,
            Optional<Account> account)
            throws IOException {
        Path directory = image.directory().resolve(spec.workingDirectory());
        if (!Files.isDirectory(directory) && shown.stream().noneMatch(each -> directory.startsWith(each.target()))) {
            throw new IOException("the working directory " + directory + " does not exist");
        }
        List<String> command = command(spec, image, environment);
        return new Launch(spec.name(), command, environment, directory, image.files(), shown, List.of(), account);
    }

    private static List<String> command(ContainerSpec spec, Executable image, Map<String, String> environment) {
        List<String> command = new ArrayList<>(spec.command().isEmpty() ? image.entryPoint() : spec.command());
        command.addAll(spec.args());
        command.replaceAll(part -> Expansion.expand(part, environment));
        return command;
    }
}
