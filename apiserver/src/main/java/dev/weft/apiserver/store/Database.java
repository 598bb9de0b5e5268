package dev.weft.apiserver.store;

import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The SQLite file: one row for each resource, one for the newest resourceVersion. Write-ahead log, synced at every
 * commit; locked against a second process. Used by one thread at a time.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS resources(
              api_group TEXT NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
              api_version TEXT NOT NULL, plural TEXT NOT NULL, namespaced INTEGER NOT NULL, json BLOB NOT NULL,
              PRIMARY KEY(api_group, kind, namespace, name))""";

    private static final String PUT = "INSERT OR REPLACE INTO resources VALUES(?,?,?,?,?,?,?,?)";
    private static final String REMOVE =
            "DELETE FROM resources WHERE api_group=? AND kind=? AND namespace=? AND name=?";
    private static final String NUMBER = "UPDATE newest SET version=? WHERE id=1";

    private final Path file;
    private final Connection connection;
    private PreparedStatement put;
    private PreparedStatement remove;
    private PreparedStatement number;

    private Database(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
            statement.execute("CREATE TABLE IF NOT EXISTS newest(id INTEGER PRIMARY KEY, version INTEGER NOT NULL)");
            statement.execute("INSERT OR IGNORE INTO newest VALUES(1, 0)");
        }
        connection.setAutoCommit(false);
        this.put = connection.prepareStatement(PUT);
        this.remove = connection.prepareStatement(REMOVE);
        this.number = connection.prepareStatement(NUMBER);
    }

    /** @throws StoreException when the file cannot be used, with what to do about it */
    static Database open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            OwnerOnly.create(file);
            SQLiteConfig config = new SQLiteConfig();
            config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE); // also saves the shared-memory file
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setJournalSizeLimit(16 << 20);
            config.setBusyTimeout(0);
            return new Database(file, config.createConnection("jdbc:sqlite:" + file.toAbsolutePath()));
        } catch (SQLException e) {
            throw new StoreException(explain(file, e), e);
        } catch (IOException e) {
            throw new StoreException(file + " cannot be made: " + e, e);
        }
    }

    /** Reads everything. */
    Index load() {
        List<Resource> resources = new ArrayList<>();
        String at = "";
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(
                    "SELECT api_group, api_version, kind, plural, namespaced, json, namespace, name FROM resources")) {
                while (rows.next()) {
                    Kind kind = kind(rows);
                    at = kind.kind() + " " + rows.getString(7) + "/" + rows.getString(8);
                    ObjectNode json = (ObjectNode) JSON.readTree(rows.getBytes(6));
                    json.put("apiVersion", kind.apiVersion());
                    resources.add(new Resource(kind, json));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT version FROM newest WHERE id=1")) {
                long version = row.next() ? row.getLong(1) : 0;
                connection.commit();
                return new Index(resources, version);
            }
        } catch (SQLException e) {
            throw new StoreException(explain(file, e), e);
        } catch (JacksonException | ClassCastException e) {
            throw new StoreException(
                    file + " is damaged: " + at + " is not JSON. Move the file away to start empty, or restore a copy.",
                    e);
        }
    }

    /**
     * Commits the writes of a group in one transaction.
     *
     * @throws RefusedException with {@code STORAGE} when the disk would not take them; nothing of the group is kept
     */
    void write(Map<Key, Optional<Resource>> writes, long version) {
        try {
            for (Map.Entry<Key, Optional<Resource>> write : writes.entrySet()) {
                if (write.getValue().isPresent()) {
                    put(write.getKey(), write.getValue().get());
                } else {
                    remove(write.getKey());
                }
            }
            number.setLong(1, version);
            number.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            startAnew();
            String message = explain(file, e);
            LOG.error("nothing is written: {}", message);
            RefusedException refused = new RefusedException(RefusedException.Reason.STORAGE, message, List.of());
            refused.initCause(e);
            throw refused;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("closing {}: {}", file, e.getMessage());
        }
    }

    private void put(Key key, Resource resource) throws SQLException {
        Kind kind = key.kind();
        put.setString(1, kind.group());
        put.setString(2, kind.kind());
        put.setString(3, key.namespace());
        put.setString(4, key.name());
        put.setString(5, kind.version());
        put.setString(6, kind.plural());
        put.setBoolean(7, kind.namespaced());
        put.setBytes(8, JSON.writeValueAsBytes(resource.json()));
        put.executeUpdate();
    }

    private void remove(Key key) throws SQLException {
        remove.setString(1, key.kind().group());
        remove.setString(2, key.kind().kind());
        remove.setString(3, key.namespace());
        remove.setString(4, key.name());
        remove.executeUpdate();
    }

    /**
     * After a write that failed: the driver throws statements away that failed, and SQLite has often rolled back by itself,
     * without a transaction open after that. What fails here fails again at the next write, and is told there.
     */
    private void startAnew() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("rolling back {}: {}", file, e.getMessage());
            beginAnew();
        }
        try {
            put.close();
            remove.close();
            number.close();
            put = connection.prepareStatement(PUT);
            remove = connection.prepareStatement(REMOVE);
            number = connection.prepareStatement(NUMBER);
        } catch (SQLException e) {
            LOG.warn("preparing {} again: {}", file, e.getMessage());
        }
    }

    private void beginAnew() {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("there was nothing to commit in {}: {}", file, e.getMessage());
        }
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            LOG.warn("beginning in {} again: {}", file, e.getMessage());
        }
    }

    /** A kind that we know comes back in the version that we store today. */
    private static Kind kind(ResultSet row) throws SQLException {
        Kind stored =
                new Kind(row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5));
        return Kinds.find(stored.group(), stored.kind()).orElse(stored);
    }

    private static String explain(Path file, SQLException e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> file + " is in use: another weft runs on this data directory.";
            case SQLITE_FULL -> "the disk that holds " + file + " is full: make room, then try again.";
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                file + " is damaged. Move it away to start empty, or restore a copy. (" + e.getMessage() + ")";
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN ->
                file + " cannot be written: check who owns it. (" + e.getMessage() + ")";
            default -> file + ": the disk refused: " + e.getMessage();
        };
    }
}
