package dev.weft.resources.batch;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * One of the five fields of a schedule: the numbers that it allows.
 *
 * @param any whether it says {@code *} or {@code ?}, that is nothing
 */
record CronField(BitSet numbers, boolean any) {

    /**
     * Reads lists of numbers, names, ranges and steps: {@code 1-5}, {@code *}{@code /15}, {@code mon,wed}.
     *
     * @param names that stand for numbers from {@code least} on; empty for none
     * @throws IllegalArgumentException when it is none; the message says why
     */
    static CronField parse(String text, int least, int most, List<String> names) {
        BitSet numbers = new BitSet();
        boolean any = false;
        for (String part : text.split(",", -1)) {
            String[] halves = part.split("/", -1);
            String range = halves[0];
            boolean star = range.equals("*") || range.equals("?");
            any |= star && halves.length == 1;
            String[] ends = star ? new String[] {"" + least, "" + most} : range.split("-", -1);
            if (halves.length > 2 || ends.length > 2) {
                throw new IllegalArgumentException("\"" + part + "\" is no range");
            }
            int from = number(ends[0], least, most, star ? List.of() : names);
            int step = halves.length == 2 ? number(halves[1], 1, most, List.of()) : 1;
            boolean open = ends.length == 1 && halves.length == 2; // 5/15 means from 5 on
            int to = ends.length == 2 ? number(ends[1], least, most, star ? List.of() : names) : open ? most : from;
            if (to < from) {
                throw new IllegalArgumentException("\"" + part + "\" ends before it begins");
            }
            for (int i = from; i <= to; i += step) {
                numbers.set(i);
            }
        }
        return new CronField(numbers, any);
    }

    boolean allows(int number) {
        return numbers.get(number);
    }

    private static int number(String text, int least, int most, List<String> names) {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return least + named;
        }
        if (!text.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no number");
        }
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw new IllegalArgumentException(number + " is not within " + least + " to " + most);
        }
        return number;
    }
}
