/** Command R, R7B and A (Cohere 2024, 2025): attention and feed-forward networks side by side. */
@NullMarked
package dev.heed.model.cohere;

import org.jspecify.annotations.NullMarked;
