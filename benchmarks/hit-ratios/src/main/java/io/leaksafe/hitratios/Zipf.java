package io.leaksafe.hitratios;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws numbers from 0 up, of which number n is drawn in proportion to 1 / (n + 1)^exponent. */
final class Zipf {

  private final double[] cumulative;

  Zipf(int numbers, double exponent) {
    cumulative = new double[numbers];
    double sum = 0;
    for (int i = 0; i < numbers; i++) {
      sum += Math.pow(i + 1, -exponent);
      cumulative[i] = sum;
    }
  }

  int draw(SplittableRandom random) {
    double point = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, point);
    return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
  }
}
