package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.h1.Target;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;

/**
 * At the edge, leaves one way alone in which a head can be read, so that a route, a policy and the program behind them see
 * the same: the path in its normal form, no headers that a program may take for others, no more than the listener takes.
 */
final class NormalisePath implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        EdgeRules.Heads rules = exchange.snapshot().snapshot().edgeRules().heads();
        RequestHead head = exchange.head();
        if (head.isMethod("TRACE")) {
            return exchange.refuse(ErrorCode.METHOD_REFUSED, "TRACE is not carried from outside.");
        }
        if (head.target().form() == Target.Form.ASTERISK) {
            return exchange.refuse(ErrorCode.ROUTE_NOT_FOUND, "OPTIONS * names no path, by which the edge's rules go.");
        }
        return fits(exchange, head, rules) && underscores(exchange, head.fields(), rules) && path(exchange, rules);
    }

    private static boolean fits(Exchange exchange, RequestHead head, EdgeRules.Heads rules) {
        int target = head.target().end() - head.target().pathStart();
        if (target > rules.targetBytesMax()) {
            return exchange.refuse(
                    ErrorCode.URI_TOO_LONG, "The target is longer than " + rules.targetBytesMax() + " bytes.");
        }
        if (head.end() > rules.bytesMax()) {
            return exchange.refuse(ErrorCode.HEAD_TOO_LARGE, "The head is larger than " + rules.bytesMax() + " bytes.");
        }
        return head.fields().count() <= rules.fieldsMax()
                || exchange.refuse(
                        ErrorCode.HEAD_TOO_LARGE, "The head has more than " + rules.fieldsMax() + " headers.");
    }

    private static boolean underscores(Exchange exchange, Fields fields, EdgeRules.Heads rules) {
        for (int i = fields.findUnderscored(0); i >= 0; i = fields.findUnderscored(i + 1)) {
            switch (rules.underscores()) {
                case ALLOW -> {
                    return true;
                }
                case DROP -> fields.drop(i);
                case REFUSE -> {
                    return exchange.refuse(
                            ErrorCode.HEADER_REFUSED, "Header " + fields.name(i) + " has an underscore in its name.");
                }
            }
        }
        return true;
    }

    private static boolean path(Exchange exchange, EdgeRules.Heads rules) {
        Target target = exchange.head().target();
        boolean path = target.form() == Target.Form.ORIGIN || target.form() == Target.Form.ABSOLUTE;
        if (!path || NormalPath.isNormal(exchange.head().bytes(), target.pathStart(), target.pathEnd())) {
            return true;
        }
        return switch (NormalPath.of(target.path(), rules)) {
            case NormalPath.Refused(String why) -> exchange.refuse(ErrorCode.PATH_REFUSED, why);
            case NormalPath.Elsewhere(String there) ->
                exchange.redirect(307, exchange.scheme() + "://" + target.authority() + there + target.query());
            case NormalPath.Normal(String normal) -> {
                if (!normal.equals(target.path())) {
                    exchange.path(normal);
                }
                yield true;
            }
        };
    }
}
