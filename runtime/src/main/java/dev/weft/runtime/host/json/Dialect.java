package dev.weft.runtime.host.json;

/** Whose rules hold where libraries differ. */
public enum Dialect {

    /** As Jackson: the properties of beans; numbers as small as they are; nulls are written. */
    BEANS,

    /** As Gson: fields, whatever their visibility; numbers of no type are doubles; nulls are left out; HTML is escaped. */
    FIELDS
}
