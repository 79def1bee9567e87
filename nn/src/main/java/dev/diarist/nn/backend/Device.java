package dev.diarist.nn.backend;

/**
 * What a backend computes on where that is not this process's own processors.
 *
 * @param name as its driver gives it
 * @param gpu whether it is a GPU; drivers also offer the processors of the machine as a device
 * @param software that reaches it, with versions: results belong to them as much as to the device
 */
public record Device(String name, boolean gpu, String software) {}
