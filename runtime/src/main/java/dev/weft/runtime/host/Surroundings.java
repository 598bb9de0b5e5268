package dev.weft.runtime.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.util.Map;

/**
 * This process's environment and working directory, which Java itself can only read. The environment is the C library's: {@code
 * System.getenv} copies that when it is first asked, which must not have happened. Java remembers the working directory from
 * its start, in two places, which have to be opened for this class.
 */
final class Surroundings {

    private final MethodHandle clearenv;
    private final MethodHandle setenv;
    private final MethodHandle chdir;
    private final Object files;
    private final Field filesDirectory;
    private final FileSystem paths;
    private final Field pathsDirectory;

    /** @throws ReflectiveOperationException when this JDK keeps the directory elsewhere */
    Surroundings() throws ReflectiveOperationException {
        this.clearenv = function("clearenv");
        this.setenv = function("setenv", ADDRESS, ADDRESS, JAVA_INT);
        this.chdir = function("chdir", ADDRESS);
        this.files = opened(File.class, "FS").get(null);
        this.filesDirectory = opened(files.getClass(), "userDir");
        this.paths = FileSystems.getDefault();
        this.pathsDirectory = opened(Class.forName("sun.nio.fs.UnixFileSystem"), "defaultDirectory");
    }

    private static Field opened(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @SuppressWarnings("restricted") // Java has no other way to the environment and the working directory
    private static MethodHandle function(String name, MemoryLayout... arguments) {
        SymbolLookup library = Linker.nativeLinker().defaultLookup();
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Replaces all of the environment. */
    void environment(Map<String, String> environment) throws IOException {
        call(arena -> {
            check("clearenv", (int) clearenv.invokeExact());
            set(environment, arena);
        });
    }

    /** Adds to it. */
    void add(Map<String, String> environment) throws IOException {
        call(arena -> set(environment, arena));
    }

    private void set(Map<String, String> environment, Arena arena) throws Throwable {
        for (Map.Entry<String, String> each : environment.entrySet()) {
            MemorySegment name = arena.allocateFrom(each.getKey());
            MemorySegment value = arena.allocateFrom(each.getValue());
            check("setenv " + each.getKey(), (int) setenv.invokeExact(name, value, 1));
        }
    }

    /** Works there from now on. */
    void directory(String directory) throws IOException {
        call(arena -> {
            check("cannot work in " + directory, (int) chdir.invokeExact(arena.allocateFrom(directory)));
            filesDirectory.set(files, directory);
            pathsDirectory.set(paths, directory.getBytes(StandardCharsets.UTF_8));
            System.setProperty("user.dir", directory);
        });
    }

    /** One call, with memory that lasts as long as it. */
    private interface Call {
        void run(Arena arena) throws Throwable;
    }

    private static void call(Call call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            call.run(arena);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(String what, int result) throws IOException {
        if (result != 0) {
            throw new IOException(what);
        }
    }
}
