package dev.weft.runtime.image;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.image.ImagePlan.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Looks images up among the {@code LocalImage} resources and builds what is missing.
 *
 * <p>A build holds its image's own lock, so that two pods never build the same thing at once.
 */
public final class LocalImages {

    private final ResourceStore store;
    private final Path baseDirectory;
    private final FunctionCommand functions;
    private final ImageBuild builds;
    private final Map<String, ReentrantLock> building = new ConcurrentHashMap<>();

    /** Relative paths of a resource that came with no folder begin at {@code baseDirectory}. */
    public LocalImages(ResourceStore store, Path baseDirectory, FunctionCommand functions, ImageBuild builds) {
        this.store = store;
        this.baseDirectory = baseDirectory;
        this.functions = functions;
        this.builds = builds;
    }

    /** What to run for an image name; blocks while it is built. */
    public Executable resolve(String image) throws ImageProblem, InterruptedException {
        ImagePlan plan = find(image).orElseThrow(() -> notLocal(image));
        buildIfMissing(plan);
        return switch (plan.program()) {
            case Program.Command(List<String> command) -> executable(plan, command);
            case Program.Jar(Path jar, Optional<String> mainClass) -> executable(plan, java(jar, mainClass));
            case Program.Function(List<Path> classpath, String name) -> executable(plan, functions.of(classpath, name));
            case Program.Invalid(String message) -> throw new ImageProblem("ImageInvalid", message);
        };
    }

    /** Whether an image is a Java function; of one that nobody names it is not. */
    public boolean servesFunction(String image) {
        return find(image)
                .filter(plan -> plan.program() instanceof Program.Function)
                .isPresent();
    }

    /** How many images are Java functions. */
    public int functions() {
        return (int) store.list(Kinds.LOCAL_IMAGE).stream()
                .filter(image -> image.at("/spec/function").isObject())
                .count();
    }

    private List<String> java(Path jar, Optional<String> mainClass) {
        return mainClass
                .map(name -> List.of(functions.java(), "-cp", jar.toString(), name))
                .orElse(List.of(functions.java(), "-jar", jar.toString()));
    }

    private static Executable executable(ImagePlan plan, List<String> entryPoint) {
        return new Executable(entryPoint, plan.directory(), plan.environment());
    }

    /** An exact match goes before one without the tag or digest. */
    private Optional<ImagePlan> find(String image) {
        List<Resource> all = store.list(Kinds.LOCAL_IMAGE);
        String untagged = untagged(image);
        return Stream.concat(
                        all.stream().filter(each -> names(each).equals(image)),
                        all.stream().filter(each -> names(each).equals(untagged)))
                .findFirst()
                .map(resource -> ImagePlan.read(resource, baseDirectory));
    }

    /** As {@link ImagePlan} has it, without reading the rest: there may be hundreds, and somebody waits. */
    private static String names(Resource image) {
        return image.at("/spec/image").asString(image.name());
    }

    private static String untagged(String image) {
        int digest = image.indexOf('@');
        String name = digest < 0 ? image : image.substring(0, digest);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }

    private void buildIfMissing(ImagePlan plan) throws ImageProblem, InterruptedException {
        if (missing(plan).isEmpty()) {
            return;
        }
        ReentrantLock lock = building.computeIfAbsent(plan.name(), any -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            if (!missing(plan).isEmpty() && plan.build().isPresent()) {
                builds.run(plan.name(), plan.build().get());
            }
            Optional<Path> missing = missing(plan);
            if (missing.isPresent()) {
                throw new ImageProblem("ArtifactMissing", missing(plan, missing.get()));
            }
        } finally {
            lock.unlock();
        }
    }

    private static Optional<Path> missing(ImagePlan plan) {
        return plan.artifacts().stream().filter(path -> !Files.exists(path)).findFirst();
    }

    private static String missing(ImagePlan plan, Path artifact) {
        return "LocalImage " + plan.name() + ": " + artifact + " does not exist"
                + (plan.build().isPresent()
                        ? ", not even after its build command; let spec.build.command make it."
                        : "; build it, or give the LocalImage a spec.build.command that does.");
    }

    private static ImageProblem notLocal(String image) {
        return new ImageProblem("ImageNotLocal", """
                image "%s" has no LocalImage, so nothing says what it runs on this machine: Weft runs programs, no container images. Apply one:
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: %s}
                spec:
                  image: %s
                  command: [my-program, its-argument]   # or jar: app.jar, or function: {jar: f.jar, class: my.Function}
                """.formatted(image, resourceName(image), image)
                .strip());
    }

    /** The last part of an image's name, as a resource may be called. */
    private static String resourceName(String image) {
        String untagged = untagged(image);
        String last = untagged.substring(untagged.lastIndexOf('/') + 1).toLowerCase(java.util.Locale.ROOT);
        return last.replaceAll("[^a-z0-9-]", "-");
    }
}
