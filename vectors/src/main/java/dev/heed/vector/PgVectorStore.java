package dev.heed.vector;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps vectors in a table of PostgreSQL, in pgvector's navigable small-world graph (from pgvector
 * 0.8, which searches on until it has found enough beside a group that is left out).
 *
 * <p>Connections come from the program's own pool: a search takes one for its time, a change one
 * until it is committed. Vectors have at most 2000 numbers, the graph's limit.
 */
public final class PgVectorStore implements VectorStore {
  /** The limit of pgvector's graphs. */
  private static final int LARGEST = 2000;

  /** The largest {@code hnsw.ef_search}. */
  private static final int MOST_CANDIDATES = 1000;

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,49}");
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private final DataSource source;
  private final String table;
  private final Metric metric;
  private final int size;
  private @Nullable Connection changing;

  private PgVectorStore(DataSource source, String table, Metric metric, int size) {
    this.source = source;
    this.table = table;
    this.metric = metric;
    this.size = size;
  }

  /**
   * Makes a table, and the extension where it is not there yet.
   *
   * @param source of connections, which stays the caller's
   * @param table small letters, digits and underscores; not there yet
   * @param metric of its vectors
   * @param size of its vectors, from 1 to 2000
   * @return owned by the caller
   * @throws IllegalArgumentException for another name or size
   * @throws VectorStoreException for what PostgreSQL refuses, and for an older pgvector
   */
  public static PgVectorStore create(DataSource source, String table, Metric metric, int size) {
    named(table);
    if (size < 1 || size > LARGEST) {
      throw new IllegalArgumentException(
          "vectors: expected a size from 1 to " + LARGEST + ", got " + size);
    }
    try (Connection connection = source.getConnection()) {
      run(connection, "CREATE EXTENSION IF NOT EXISTS vector");
      checkVersion(connection, table);
      run(
          connection,
          "CREATE TABLE "
              + table
              + " (id bigint PRIMARY KEY, part_of bigint NOT NULL, payload bytea NOT NULL,"
              + " vector vector("
              + size
              + ") NOT NULL)");
      run(connection, "COMMENT ON TABLE " + table + " IS '" + comment(metric) + "'");
      return new PgVectorStore(source, table, metric, size);
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }

  /**
   * Opens a table that {@link #create} made.
   *
   * @param source of connections, which stays the caller's
   * @param table its name
   * @return owned by the caller
   * @throws VectorStoreException for no such table, another one, and an older pgvector
   */
  public static PgVectorStore open(DataSource source, String table) {
    named(table);
    try (Connection connection = source.getConnection();
        PreparedStatement asked =
            connection.prepareStatement(
                "SELECT coalesce(obj_description(c.oid, 'pg_class'), ''), a.atttypmod"
                    + " FROM pg_class c LEFT JOIN pg_attribute a"
                    + " ON a.attrelid = c.oid AND a.attname = 'vector'"
                    + " WHERE c.oid = to_regclass(?)")) {
      checkVersion(connection, table);
      asked.setString(1, table);
      try (ResultSet row = asked.executeQuery()) {
        String found = row.next() ? row.getString(1) : "none";
        for (Metric metric : Metric.values()) {
          if (found.equals(comment(metric))) {
            return new PgVectorStore(source, table, metric, row.getInt(2));
          }
        }
        throw new VectorStoreException(
            table + ": expected a table that PgVectorStore made, got '" + found + "'", null);
      }
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }

  private static void named(String table) {
    if (!NAME.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "vectors: expected a table's name of small letters, digits and underscores, got "
              + table);
    }
  }

  private static String comment(Metric metric) {
    return "heed vectors 1, " + metric.name().toLowerCase(Locale.ROOT);
  }

  private static void checkVersion(Connection connection, String table) throws SQLException {
    try (PreparedStatement asked =
            connection.prepareStatement(
                "SELECT extversion FROM pg_extension WHERE extname = 'vector'");
        ResultSet row = asked.executeQuery()) {
      String version = row.next() ? row.getString(1) : "none";
      var parts = VERSION.matcher(version);
      boolean enough =
          parts.matches()
              && (Integer.parseInt(parts.group(1)) > 0 || Integer.parseInt(parts.group(2)) >= 8);
      if (!enough) {
        throw new VectorStoreException(
            table + ": expected the extension vector (pgvector) from 0.8, got " + version, null);
      }
    }
  }

  @Override
  public Metric metric() {
    return metric;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long count() {
    try (Connection connection = source.getConnection();
        PreparedStatement asked = connection.prepareStatement("SELECT count(*) FROM " + table);
        ResultSet row = asked.executeQuery()) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }

  @Override
  public synchronized void add(List<VectorEntry> entries) {
    entries.forEach(entry -> metric.check(entry.vector(), size, LARGEST));
    try (PreparedStatement insert =
        changing()
            .prepareStatement(
                "INSERT INTO "
                    + table
                    + " (id, part_of, payload, vector) VALUES (?, ?, ?, ?::vector)"
                    + " ON CONFLICT (id) DO UPDATE SET part_of = excluded.part_of,"
                    + " payload = excluded.payload, vector = excluded.vector")) {
      for (VectorEntry entry : entries) {
        insert.setLong(1, entry.id());
        insert.setLong(2, entry.group());
        insert.setBytes(3, entry.payload());
        insert.setString(4, written(entry.vector()));
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }

  @Override
  public synchronized void remove(long id) {
    try (PreparedStatement delete =
        changing().prepareStatement("DELETE FROM " + table + " WHERE id = ?")) {
      delete.setLong(1, id);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }

  private Connection changing() throws SQLException {
    Connection open = changing;
    if (open == null) {
      open = source.getConnection();
      open.setAutoCommit(false);
      changing = open;
    }
    return open;
  }

  /**
   * The graph is made by the first commit: after the first rows it is made faster than with them.
   */
  @Override
  public synchronized void commit() {
    try {
      Connection open = changing();
      run(
          open,
          "CREATE INDEX IF NOT EXISTS "
              + table
              + "_hnsw ON "
              + table
              + " USING hnsw (vector "
              + (metric == Metric.EUCLIDEAN ? "vector_l2_ops" : "vector_cosine_ops")
              + ")");
      open.commit();
      open.setAutoCommit(true);
      changing = null;
      open.close();
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }

  @Override
  public List<Near> nearest(float[] vector, Search search) {
    metric.check(vector, size, LARGEST);
    String query =
        "SELECT id, part_of, payload, vector "
            + (metric == Metric.EUCLIDEAN ? "<->" : "<=>")
            + " ?::vector AS distance FROM "
            + table
            + (search.without() == Search.NO_GROUP ? "" : " WHERE part_of <> ?")
            + " ORDER BY distance LIMIT "
            + search.nearest();
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      run(connection, "SET LOCAL hnsw.ef_search = " + Math.min(MOST_CANDIDATES, search.kept()));
      run(connection, "SET LOCAL hnsw.iterative_scan = strict_order");
      List<Near> found = new ArrayList<>();
      try (PreparedStatement asked = connection.prepareStatement(query)) {
        asked.setString(1, written(vector));
        if (search.without() != Search.NO_GROUP) {
          asked.setLong(2, search.without());
        }
        try (ResultSet row = asked.executeQuery()) {
          while (row.next()) {
            double apart = row.getDouble(4);
            found.add(
                new Near(
                    row.getLong(1),
                    metric == Metric.EUCLIDEAN ? apart * apart : apart,
                    row.getLong(2),
                    row.getBytes(3)));
          }
        }
      }
      connection.commit();
      connection.setAutoCommit(true);
      return found;
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }

  private static void run(Connection connection, String command) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(command)) {
      statement.execute();
    }
  }

  /** As pgvector reads a vector. */
  private static String written(float[] vector) {
    StringBuilder text = new StringBuilder(8 * vector.length).append('[');
    for (float value : vector) {
      text.append(text.length() == 1 ? "" : ",").append(value);
    }
    return text.append(']').toString();
  }

  private static VectorStoreException failure(String table, SQLException e) {
    return new VectorStoreException(table + ": " + e.getMessage(), e);
  }

  @Override
  public synchronized void close() {
    try (@Nullable Connection open = changing) {
      changing = null;
      if (open != null) {
        open.rollback();
        open.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw failure(table, e);
    }
  }
}
