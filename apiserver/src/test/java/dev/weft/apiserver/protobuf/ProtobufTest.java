package dev.weft.apiserver.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ProtobufTest {

    @Test
    void readsAConfigMap() {
        byte[] metadata = bytes(field(1, "settings"), field(3, ""), field(8, bytes()));
        byte[] content = bytes(field(1, metadata), field(2, bytes(field(1, "colour"), field(2, "red"))));

        assertThat(Protobuf.read(document("v1", "ConfigMap", content)))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"colour":"red"}}"""));
    }

    @Test
    void readsAJob() {
        byte[] container = bytes(field(1, "once"), field(2, "web"), field(8, bytes()));
        byte[] template = field(2, bytes(field(2, container), field(3, "Never")));
        byte[] content = bytes(field(1, bytes(field(1, "once"))), field(2, field(6, template)), field(3, bytes()));

        assertThat(Protobuf.read(document("batch/v1", "Job", content)))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"once"},"spec":{"template":{
                        "spec":{"containers":[{"name":"once","image":"web"}],"restartPolicy":"Never"}}}}"""));
    }

    @Test
    void refusesAFieldThatItDoesNotKnow() {
        assertThatThrownBy(() -> Protobuf.read(document("v1", "ConfigMap", field(99, "x"))))
                .isInstanceOf(ProtobufException.class)
                .hasMessage("field 99 of v1/ConfigMap is not read as protobuf here: send JSON");
        assertThatThrownBy(() -> Protobuf.read(document("v1", "Node", field(1, "x"))))
                .hasMessage("v1/Node is not read as protobuf here: send JSON");
    }

    @Test
    void failsInOneWayOnly() {
        Random random = new Random(7);
        byte[] whole = document("v1", "ConfigMap", bytes(field(1, bytes(field(1, "a"))), field(2, bytes())));
        for (int round = 0; round < 20_000; round++) {
            byte[] broken = whole.clone();
            for (int change = 0; change < 3; change++) {
                broken[4 + random.nextInt(broken.length - 4)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Protobuf.read(broken)).isNotNull();
            } catch (ProtobufException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
    }

    private static byte[] document(String apiVersion, String kind, byte[] content) {
        return bytes(
                "k8s\0".getBytes(StandardCharsets.US_ASCII),
                field(1, bytes(field(1, apiVersion), field(2, kind))),
                field(2, content));
    }

    private static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A field of bytes: number and length below 128 and 16,384. */
    private static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int tag = (number << 3) | 2;
        if (tag > 127) {
            out.write((tag & 0x7f) | 0x80);
            out.write(tag >>> 7);
        } else {
            out.write(tag);
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
