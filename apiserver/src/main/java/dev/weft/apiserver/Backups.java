package dev.weft.apiserver;

import dev.weft.apiserver.store.Listing;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /weft/v1/backup}: everything that is declared. {@code POST}: make it be as such a file says. */
final class Backups extends Handler.Abstract {

    private final SqliteStore store;
    private final InstantSource clock;

    Backups(SqliteStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        switch (request.getMethod()) {
            case "GET" -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Listing everything = store.everything();
                BackupFile.write(everything, clock.instant(), out);
                answer(response, callback, 200, "application/x-ndjson", out.toByteArray());
            }
            case "POST" -> restore(request, response, callback);
            default -> {
                response.getHeaders().put(HttpHeader.ALLOW, "GET, POST");
                say(response, callback, 405, "use GET or POST");
            }
        }
        return true;
    }

    private void restore(Request request, Response response, Callback callback) {
        try (InputStream in = Content.Source.asInputStream(request)) {
            List<Resource> resources = BackupFile.read(in);
            store.restore(resources, BackupFile::follows);
            say(response, callback, 200, resources.size() + " resources restored");
        } catch (IOException e) {
            say(response, callback, 400, Objects.toString(e.getMessage(), "the backup cannot be read"));
        } catch (RefusedException e) {
            say(response, callback, e.reason().status(), Objects.toString(e.getMessage(), "refused"));
        }
    }

    private static void say(Response response, Callback callback, int status, String message) {
        byte[] body = JsonMapper.shared()
                .createObjectNode()
                .put("message", message)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        answer(response, callback, status, "application/json", body);
    }

    private static void answer(Response response, Callback callback, int status, String type, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
