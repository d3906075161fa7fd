/**
 * LangChain4j's models by Heed, in the program's own process: no server, no network, no download.
 *
 * {@snippet :
 * try (HeedEmbeddingModel embeddings = HeedEmbeddingModel.open(Path.of("encoder"));
 *     HeedScoringModel ranker = HeedScoringModel.open(Path.of("ranker"));
 *     HeedChatModel chat = HeedChatModel.open(Path.of("writer"))) {
 *   System.out.println(chat.chat("What is attention?"));
 * }
 * }
 *
 * <p>Each owns its model until it is closed, and may be used by any number of threads.
 */
@NullMarked
package dev.heed.langchain4j;

import org.jspecify.annotations.NullMarked;
