package dev.weft.runtime.names;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A question of DNS as it came (RFC 1035 section 4), and how it is answered. */
final class Question {

    static final int A = 1;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int PTR = 12;
    static final int AAAA = 28;
    static final int SRV = 33;

    private static final int HEADER_BYTES = 12;
    private static final int LABEL_MAX = 63;
    private static final int UDP_BYTES = 512;
    private static final int UDP_BYTES_MAX = 4096;
    private static final int OPTIONS = 41;
    private static final int QUERY_MASK = 0xf800;
    private static final int ANSWER_FLAGS = 0x8480; // an answer, authoritative, recursion available
    private static final int RECURSION_DESIRED = 0x100;
    private static final int TRUNCATED = 0x200;
    private static final int TTL_SECONDS = 5;
    private static final int POINTER_TO_QUESTION = 0xc000 | HEADER_BYTES;

    private final int id;
    private final int flags;
    private final String name;
    private final int type;
    private final byte[] asked;
    private final int bytesMax;

    /** @param asked the question's part of the message, which an answer repeats letter by letter */
    private Question(int id, int flags, String name, int type, byte[] asked, int bytesMax) {
        this.id = id;
        this.flags = flags;
        this.name = name;
        this.type = type;
        this.asked = asked;
        this.bytesMax = bytesMax;
    }

    /** In lower case, without a dot at its end. */
    String name() {
        return name;
    }

    int type() {
        return type;
    }

    /** Of an answer by UDP. */
    int bytesMax() {
        return bytesMax;
    }

    /** Empty when it is none that could be answered. */
    static Optional<Question> parse(byte[] message, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(message, 0, length);
        if (length < HEADER_BYTES + 5) {
            return Optional.empty();
        }
        int id = bytes.getShort() & 0xffff;
        int flags = bytes.getShort() & 0xffff;
        int questions = bytes.getShort();
        int more = bytes.getInt(); // answers and authorities, of which a question has none
        int additional = bytes.getShort();
        if ((flags & QUERY_MASK) != 0 || questions != 1 || more != 0) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        while (bytes.hasRemaining()) {
            int label = bytes.get() & 0xff;
            if (label == 0) {
                break;
            }
            if (label > LABEL_MAX || bytes.remaining() < label + 5) {
                return Optional.empty();
            }
            byte[] text = new byte[label];
            bytes.get(text);
            name.append(name.isEmpty() ? "" : ".").append(new String(text, StandardCharsets.ISO_8859_1));
        }
        if (bytes.remaining() < 4) {
            return Optional.empty();
        }
        int type = bytes.getShort() & 0xffff;
        bytes.getShort();
        byte[] asked = Arrays.copyOfRange(message, HEADER_BYTES, bytes.position());
        int max = UDP_BYTES;
        if (additional > 0 && bytes.remaining() >= 5 && bytes.get() == 0 && bytes.getShort() == OPTIONS) {
            max = Math.clamp(bytes.getShort() & 0xffff, UDP_BYTES, UDP_BYTES_MAX);
        }
        return Optional.of(new Question(id, flags, name.toString().toLowerCase(Locale.ROOT), type, asked, max));
    }

    /** The answer as it goes over the wire; what does not fit is left out, and said so. */
    byte[] answered(Answer answer, int max) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = 0;
        boolean cut = false;
        for (Answer.Entry entry : answer.entries()) {
            byte[] written = written(entry);
            if (HEADER_BYTES + asked.length + out.size() + written.length > max) {
                cut = true;
                break;
            }
            out.writeBytes(written);
            count++;
        }
        byte[] authority = answer.entries().isEmpty() ? authority() : new byte[0];
        int said = ANSWER_FLAGS
                | (flags & RECURSION_DESIRED)
                | (cut ? TRUNCATED : 0)
                | answer.code().number();
        return ByteBuffer.allocate(HEADER_BYTES + asked.length + out.size() + authority.length)
                .putShort((short) id)
                .putShort((short) said)
                .putShort((short) 1)
                .putShort((short) count)
                .putShort((short) (authority.length > 0 ? 1 : 0))
                .putShort((short) 0)
                .put(asked)
                .put(out.toByteArray())
                .put(authority)
                .array();
    }

    private byte[] written(Answer.Entry entry) {
        byte[] owner = entry.name().equals(name)
                ? new byte[] {(byte) (POINTER_TO_QUESTION >> 8), (byte) POINTER_TO_QUESTION}
                : labels(entry.name());
        return record(owner, entry.type(), entry.data());
    }

    private static byte[] record(byte[] owner, int type, byte[] data) {
        return ByteBuffer.allocate(owner.length + 10 + data.length)
                .put(owner)
                .putShort((short) type)
                .putShort((short) 1)
                .putInt(TTL_SECONDS)
                .putShort((short) data.length)
                .put(data)
                .array();
    }

    /** Without it a resolver would not remember that there is nothing (RFC 2308). */
    private static byte[] authority() {
        byte[] server = labels("ns.dns.cluster.local");
        byte[] person = labels("hostmaster.cluster.local");
        byte[] data = ByteBuffer.allocate(server.length + person.length + 20)
                .put(server)
                .put(person)
                .putInt(1)
                .putInt(7200)
                .putInt(1800)
                .putInt(86_400)
                .putInt(TTL_SECONDS)
                .array();
        return record(labels("cluster.local"), SOA, data);
    }

    /** A name as on the wire, without compression. */
    static byte[] labels(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            byte[] text = label.getBytes(StandardCharsets.ISO_8859_1);
            out.write(text.length);
            out.writeBytes(text);
        }
        out.write(0);
        return out.toByteArray();
    }
}
