/** StableLM (Stability AI 2024): layer norms, rotary positions on a part of each head. */
@NullMarked
package dev.heed.model.stablelm;

import org.jspecify.annotations.NullMarked;
