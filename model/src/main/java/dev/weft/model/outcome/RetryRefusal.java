package dev.weft.model.outcome;

/** Why a failed try that its rule would repeat was not repeated. */
public enum RetryRefusal {
    /** It was tried as often as the rule allows. */
    TRIES_USED_UP,
    /** The retry budget of its frontend was used up. */
    BUDGET_EMPTY,
    /** As many requests were being tried again as the limits allow. */
    LIMIT_REACHED
}
