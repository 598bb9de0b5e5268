package dev.weft.apiserver.kinds;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' order of versions, the preferred one first: v2, v1, v1beta2, v1beta1, v1alpha1, then all others by name. */
final class VersionOrder implements Comparator<String> {

    private static final Pattern VERSION = Pattern.compile("v([0-9]{1,9})(?:(alpha|beta)([0-9]{1,9}))?");
    private static final List<String> STAGES = List.of("alpha", "beta", "");

    @Override
    public int compare(String a, String b) {
        Matcher left = VERSION.matcher(a);
        Matcher right = VERSION.matcher(b);
        boolean known = left.matches();
        if (known != right.matches()) {
            return known ? -1 : 1;
        }
        if (!known) {
            return a.compareTo(b);
        }
        int stage = Integer.compare(stage(right), stage(left));
        int major = Integer.compare(number(right, 1), number(left, 1));
        return stage != 0 ? stage : major != 0 ? major : Integer.compare(number(right, 3), number(left, 3));
    }

    private static int stage(Matcher version) {
        String stage = version.group(2);
        return STAGES.indexOf(stage == null ? "" : stage);
    }

    private static int number(Matcher version, int group) {
        String number = version.group(group);
        return number == null ? 0 : Integer.parseInt(number);
    }
}
