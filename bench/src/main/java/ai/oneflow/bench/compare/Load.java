package ai.oneflow.bench.compare;

import java.util.ArrayList;
import java.util.List;

/// One kind of load: how many connections ask without pause, and for what.
record Load(boolean stream, int connections) {
  static List<Load> of(List<Integer> jsonConnections, List<Integer> streamConnections) {
    List<Load> loads = new ArrayList<>();
    jsonConnections.forEach(connections -> loads.add(new Load(false, connections)));
    streamConnections.forEach(connections -> loads.add(new Load(true, connections)));
    return loads;
  }

  String kind() {
    return stream ? "stream" : "json";
  }
}
