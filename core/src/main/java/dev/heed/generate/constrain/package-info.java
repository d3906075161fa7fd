/**
 * Output that must parse: a grammar, a regular expression or a JSON schema says which texts a model
 * may write, and only tokens that begin such a text keep their scores.
 *
 * {@snippet :
 * Grammar grammar = JsonSchema.grammar(schema);
 * SearchSettings settings = Constraint.of(grammar, writer.tokenizer(), ends).on(writer.settings());
 * }
 *
 * <p>A grammar becomes an automaton over the bytes of UTF-8 with a stack of places to return to;
 * tokens are looked up in it by a trie of their bytes.
 */
@NullMarked
package dev.heed.generate.constrain;

import org.jspecify.annotations.NullMarked;
