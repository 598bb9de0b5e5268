package dev.weft.apiserver.rest;

import dev.weft.apiserver.access.User;
import dev.weft.apiserver.access.Users;
import dev.weft.apiserver.access.Wish;
import dev.weft.apiserver.figures.Figures;
import dev.weft.apiserver.figures.UsageFigures;
import dev.weft.apiserver.kinds.CustomVersion;
import dev.weft.apiserver.kinds.Discovery;
import dev.weft.apiserver.kinds.OpenApi;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.apiserver.ownership.ConflictException;
import dev.weft.apiserver.patch.PatchException;
import dev.weft.apiserver.protobuf.ProtobufException;
import dev.weft.apiserver.store.GoneException;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.apiserver.stream.PodAccess;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes each request to what answers it, and turns every failure into a {@code Status}. */
public final class Api extends Handler.Abstract {

    /** The attribute of a request that says who asks: a {@link User}. */
    public static final String USER = "dev.weft.user";

    /** Parts of Kubernetes' API that are not here, and what to do instead. */
    private static final Map<String, String> NOT_BUILT = Map.of(
            "pods/attach",
            "kubectl logs -f shows what it prints, kubectl exec -it runs a command beside it",
            "pods/ephemeralcontainers",
            "kubectl exec -it runs every program of this machine beside it",
            "pods/proxy",
            "kubectl port-forward leads to its ports",
            "services/proxy",
            "kubectl port-forward leads to its ports",
            "nodes/proxy",
            "this machine is where you are");

    private static final Logger LOG = LoggerFactory.getLogger(Api.class);

    private final ServedKinds kinds;
    private final SelfDescription self;
    private final Reads reads;
    private final Figures figures;
    private final Watches watches;
    private final Writes writes;
    private final Deletes deletes;
    private final Logs logs;
    private final PodStreams streams;
    private final Scales scales;
    private final Access access;
    private final SqliteStore store;

    /** @param closing turns true when watches are to end */
    public Api(
            ServedKinds kinds,
            SqliteStore store,
            Users users,
            PodLogs podLogs,
            PodAccess pods,
            UsageFigures usage,
            InstantSource clock,
            BooleanSupplier closing) {
        this.kinds = kinds;
        this.store = store;
        this.access = new Access(store, kinds, users, clock);
        this.self = new SelfDescription(kinds, new Discovery(kinds), new OpenApi(kinds));
        this.reads = new Reads(store, clock);
        this.watches = new Watches(store, reads, clock, closing);
        this.figures = new Figures(usage, store);
        FieldManagers managers = new FieldManagers(clock);
        Gates gates = new Gates(store, kinds);
        this.writes = new Writes(store, reads, new Admission(store), managers, access, gates);
        this.deletes = new Deletes(store, gates);
        this.logs = new Logs(podLogs, clock);
        this.streams = new PodStreams(pods);
        this.scales = new Scales(store, managers, gates);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        try {
            answer(exchange);
        } catch (ApiException e) {
            refuse(exchange, e);
        } catch (GoneException e) {
            refuse(exchange, ApiException.of(e));
        } catch (ProtobufException e) {
            refuse(exchange, ApiException.of(e));
        } catch (PatchException e) {
            refuse(exchange, ApiException.of(e));
        } catch (ConflictException e) {
            refuse(exchange, ApiException.of(e));
        } catch (IOException e) {
            exchange.abort(e); // the client has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.abort(e);
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.method(), exchange.path(), e);
            refuse(exchange, ApiException.internal(e));
        }
        return true;
    }

    /** Answers a request that is refused before it is looked at. */
    public static void unauthorized(Request request, Response response, Callback callback) {
        refuse(new Exchange(request, response, callback), ApiException.unauthorized());
    }

    /** Answers a request whose headers contradict each other. */
    public static void badRequest(Request request, Response response, Callback callback, String message) {
        refuse(new Exchange(request, response, callback), ApiException.badRequest(message));
    }

    /** Answers a request for a path that its user may not use. */
    public static void forbidden(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        Wish wish = new Wish(exchange.method().toLowerCase(Locale.ROOT), "", "", "", "", "", exchange.path());
        refuse(exchange, ApiException.forbidden(exchange.user().name(), wish));
    }

    /** Answers a request of somebody who may not ask as whom they ask. */
    public static void forbidden(Request request, Response response, Callback callback, Wish impersonation) {
        Exchange exchange = new Exchange(request, response, callback);
        refuse(exchange, ApiException.mayNotBe(exchange.user().name(), impersonation));
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        String path = exchange.path();
        if (self.answer(exchange)) {
            return;
        }
        if (!path.startsWith("/api/") && !path.startsWith("/apis/")) {
            access.check(exchange);
            throw ApiException.notFound(path);
        }
        Target target = Target.of(kinds, path);
        try {
            answer(exchange, target);
        } catch (RefusedException e) {
            throw ApiException.of(e, target.kind(), target.name());
        }
    }

    private void answer(Exchange exchange, Target target) throws IOException, InterruptedException {
        access.check(exchange, target);
        if (target.kind().question()) {
            access.answer(exchange, target);
            return;
        }
        if (target.kind().figures()) {
            expect(exchange.method().equals("GET") && !exchange.flag("watch"));
            reads.figures(exchange, target, figures.of(target.kind().kind(), target.namespace()));
            return;
        }
        String path = target.kind().kind().plural() + "/" + target.subresource();
        String instead = NOT_BUILT.getOrDefault(path, "");
        if (!instead.isEmpty()) {
            throw ApiException.notBuilt(path, instead);
        }
        boolean known = target.subresource().isEmpty()
                || target.kind().subresources(target.version()).stream()
                        .anyMatch(it -> it.name().equals(target.subresource()));
        if (!known) {
            throw ApiException.notFound(exchange.path());
        }
        Optional.ofNullable(target.kind().custom().get(target.version()))
                .flatMap(CustomVersion::deprecation)
                .ifPresent(text -> exchange.warn(text.isEmpty() ? deprecated(target) : text));
        switch (target.subresource()) {
            case "log" -> {
                expect(exchange.method().equals("GET"));
                logs.log(exchange, target);
            }
            case "exec" -> {
                existing(target);
                streams.execute(exchange, target);
            }
            case "portforward" -> {
                existing(target);
                streams.forward(exchange, target);
            }
            case "token" -> {
                expect(exchange.method().equals("POST"));
                access.issue(exchange, existing(target));
            }
            case "eviction" -> {
                expect(exchange.method().equals("POST"));
                deletes.evict(exchange, target);
            }
            case "scale" -> scales.answer(exchange, target);
            default -> answerWhole(exchange, target);
        }
    }

    private Resource existing(Target target) {
        return store.get(target.key()).orElseThrow(() -> ApiException.notFound(target.kind(), target.name()));
    }

    /** About a resource, its status, or a collection. */
    private void answerWhole(Exchange exchange, Target target) throws IOException, InterruptedException {
        switch (exchange.method()) {
            case "GET" -> read(exchange, target);
            case "POST" -> {
                expect(target.isCollection());
                writes.create(exchange, target);
            }
            case "PUT" -> {
                expect(!target.isCollection());
                writes.update(exchange, target);
            }
            case "PATCH" -> {
                expect(!target.isCollection());
                writes.patch(exchange, target);
            }
            case "DELETE" -> {
                expect(target.subresource().isEmpty());
                delete(exchange, target);
            }
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private void read(Exchange exchange, Target target) throws IOException, InterruptedException {
        if (exchange.flag("watch")) {
            watches.watch(exchange, target);
        } else if (target.isCollection()) {
            reads.list(exchange, target);
        } else {
            reads.get(exchange, target);
        }
    }

    private void delete(Exchange exchange, Target target) {
        if (target.isCollection()) {
            deletes.deleteCollection(exchange, target);
        } else {
            deletes.delete(exchange, target);
        }
    }

    private static String deprecated(Target target) {
        return target.kind().apiVersion(target.version()) + " "
                + target.kind().kind().kind() + " is deprecated";
    }

    private static void expect(boolean allowed) {
        if (!allowed) {
            throw ApiException.methodNotAllowed();
        }
    }

    private static void refuse(Exchange exchange, ApiException e) {
        if (exchange.isCommitted()) {
            exchange.abort(e);
        } else {
            if (!exchange.user().equals(User.NOBODY)) { // whoever has no token is not listened to
                exchange.drain();
            }
            exchange.answer(e.code(), e.status());
        }
    }
}
