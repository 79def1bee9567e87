package dev.diarist.nn.tornado;

import dev.diarist.nn.backend.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** What TornadoVM finds. Loading this class starts TornadoVM, which fails in many ways. */
final class TornadoDevices {
  private TornadoDevices() {}

  /** Every device, GPUs first, otherwise in TornadoVM's order. */
  static List<TornadoDevice> all() {
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    List<TornadoDevice> devices = new ArrayList<>();
    for (int b = 0; b < runtime.getNumBackends(); b++) {
      TornadoBackend backend = runtime.getBackend(b);
      devices.addAll(backend.getAllDevices());
    }
    devices.sort(Comparator.comparing(device -> !isGpu(device)));
    return devices;
  }

  private static boolean isGpu(TornadoDevice device) {
    return device.getDeviceType() == TornadoDeviceType.GPU;
  }

  static Device describe(TornadoDevice device, String version) {
    return new Device(
        device.getPhysicalDevice().getDeviceName().strip(),
        isGpu(device),
        "TornadoVM %s, %s, %s"
            .formatted(version, device.getTornadoVMBackend(), device.getPlatformName().strip()));
  }

  static DeviceMemory memory(TornadoDevice device) {
    return DeviceMemory.of(device.getMaxGlobalMemory(), device.getMaxAllocMemory());
  }
}
