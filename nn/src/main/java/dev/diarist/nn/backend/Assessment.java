package dev.diarist.nn.backend;

import java.util.List;
import java.util.Optional;

/**
 * What {@code auto} makes of a backend.
 *
 * @param backend its name
 * @param devices that it found, the one it would take first; none where it computes on this
 *     process's own processors
 * @param notUsed why it is not used; empty for the one that is
 */
public record Assessment(String backend, List<Device> devices, Optional<String> notUsed) {

  public Assessment {
    devices = List.copyOf(devices);
  }
}
