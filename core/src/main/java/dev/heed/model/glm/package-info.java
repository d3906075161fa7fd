/** GLM 4 (GLM Team 2024), dense and as a mixture of experts. */
@NullMarked
package dev.heed.model.glm;

import org.jspecify.annotations.NullMarked;
