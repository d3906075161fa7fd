/**
 * Chats: messages to a prompt by a model's template, and the calls of tools in what it answers.
 *
 * {@snippet :
 * ChatTemplate template = ChatTemplate.of(files).orElseThrow();
 * String prompt = template.prompt(List.of(ChatMessage.user("What is attention?")));
 * }
 */
@NullMarked
package dev.heed.generate.chat;

import org.jspecify.annotations.NullMarked;
