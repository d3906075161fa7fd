/**
 * Models behind OpenAI's HTTP interface, as its public clients use it: chats, completions and
 * embeddings, beside rerank and classify as others do them, health and metrics.
 *
 * {@snippet :
 * ServerSettings settings = ServerSettings.local(8080);
 * try (HeedServer server = HeedServer.start(settings, List.of(Path.of("model")))) {
 *   System.out.println(server.address());
 * }
 * }
 *
 * <p>A request's way: {@code dev.heed.web} admits it; a page reads it strictly, refusing by name
 * what it does not honour; the model's {@link dev.heed.server.WritingQueue} takes it in turn, one
 * client after the other, into a batch; tokens come back as they are chosen.
 */
@NullMarked
package dev.heed.server;

import org.jspecify.annotations.NullMarked;
