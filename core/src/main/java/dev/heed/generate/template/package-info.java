/**
 * Jinja templates, as models ship them for their chats: an interpreter of its own, since templates
 * come with downloaded files and are not to be trusted.
 *
 * <p>Its values are the few types of this package, so a template reaches no Java object. Every run
 * has a {@link dev.heed.generate.template.TemplateLimits limit} of steps, of text and elements
 * made, and of depth. The language is that of Jinja 3.1 with Python's values and printing, in its
 * immutable sandbox, with the extensions that chat templates count on: {@code break} and {@code
 * continue}, {@code generation} blocks, {@code tojson}, {@code raise_exception} and {@code
 * strftime_now}. Templates that include or extend others are refused.
 *
 * {@snippet :
 * Template template = Template.parse(source);
 * String text = template.render(context, LocalDateTime.now(ZoneId.systemDefault())).text();
 * }
 */
@NullMarked
package dev.heed.generate.template;

import org.jspecify.annotations.NullMarked;
