/**
 * RoFormer (Su et al. 2021): BERT whose queries and keys, perhaps values, are turned by position.
 */
@NullMarked
package dev.heed.model.roformer;

import org.jspecify.annotations.NullMarked;
