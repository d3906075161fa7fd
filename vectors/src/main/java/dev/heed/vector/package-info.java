/**
 * Vectors kept and found again by nearness, behind one interface, {@link
 * dev.heed.vector.VectorStore}: exactly in memory, approximately on disk (Lucene) or in PostgreSQL
 * (pgvector).
 *
 * {@snippet :
 * try (VectorStore store = LuceneStore.create(folder, Metric.COSINE)) {
 *   store.add(VectorEntry.of(1, embedder.embed("Parking is free on Sundays.")));
 *   store.commit();
 *   List<Near> near = store.nearest(embedder.embed("Where can I park?"), Search.of(3));
 * }
 * }
 */
@NullMarked
package dev.heed.vector;

import org.jspecify.annotations.NullMarked;
