package dev.weft.cli.function;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * What a folder's own {@code .gitignore} names (gitignore(5)): the last pattern that matches decides, {@code !} takes back, a
 * slash at the end means folders alone, one before that the place. Those of folders below are not read.
 */
record Ignored(List<Rule> rules) {

    record Rule(boolean ignored, boolean foldersOnly, PathMatcher matcher) {}

    static Ignored in(Path folder) {
        List<Rule> rules = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(folder.resolve(".gitignore"))) {
                add(line.strip(), rules);
            }
        } catch (IOException e) {
            return new Ignored(List.of()); // there is none, or none that can be read
        }
        return new Ignored(List.copyOf(rules));
    }

    private static void add(String line, List<Rule> rules) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        boolean ignored = !line.startsWith("!");
        String pattern = ignored ? line : line.substring(1);
        boolean foldersOnly = pattern.endsWith("/");
        pattern = foldersOnly ? pattern.substring(0, pattern.length() - 1) : pattern;
        boolean placed = pattern.contains("/");
        pattern = pattern.startsWith("/") ? pattern.substring(1) : pattern;
        String anywhere = pattern.startsWith("**/") ? pattern.substring(3) : pattern;
        boolean deep = !placed || !anywhere.equals(pattern);
        try {
            String glob = deep ? "glob:{" + anywhere + ",**/" + anywhere + "}" : "glob:" + pattern;
            rules.add(new Rule(ignored, foldersOnly, FileSystems.getDefault().getPathMatcher(glob)));
        } catch (PatternSyntaxException e) {
            // It matches nothing, as in git.
        }
    }

    /** @param path relative to the folder */
    boolean matches(Path path, boolean isFolder) {
        for (Rule rule : rules.reversed()) {
            if ((isFolder || !rule.foldersOnly()) && rule.matcher().matches(path)) {
                return rule.ignored();
            }
        }
        return false;
    }
}
