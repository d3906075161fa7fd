/** GPT-2 (Radford et al. 2019): a decoder with learned positions and norms before each block. */
@NullMarked
package dev.heed.model.gpt2;

import org.jspecify.annotations.NullMarked;
