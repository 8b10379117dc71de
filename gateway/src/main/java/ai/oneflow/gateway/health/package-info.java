/// What this gateway has seen of the models of its providers: how fast they answer and how often,
/// whether they are to be left alone, how many requests are under way at them, and how often they
/// may be asked again. Knows neither requests nor configuration; learned anew after a restart, and
/// shared with no other gateway.
@NullMarked
package ai.oneflow.gateway.health;

import org.jspecify.annotations.NullMarked;
