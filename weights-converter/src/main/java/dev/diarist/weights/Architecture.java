package dev.diarist.weights;

import dev.diarist.nn.weights.Weights;
import dev.diarist.nn.weights.WeightsException;
import java.util.Arrays;

/** The networks that can be run, each with the exact list of its tensors. */
public enum Architecture {
  PYANNET("PyanNet", PyanNetInventory.LANDMARK) {
    @Override
    void expectAll(Inventory inventory) throws WeightsException {
      new PyanNetInventory(inventory).expectAll();
    }
  },
  WESPEAKER_RESNET34("WeSpeakerResNet34", ResNetInventory.LANDMARK) {
    @Override
    void expectAll(Inventory inventory) throws WeightsException {
      new ResNetInventory(inventory).expectAll();
    }
  };

  private final String className;
  private final String landmark;

  Architecture(String className, String landmark) {
    this.className = className;
    this.landmark = landmark;
  }

  /** The class in pyannote.audio, as the metadata {@code architecture} has it. */
  public String className() {
    return className;
  }

  /**
   * The architecture that the metadata names or, where it names none, the one whose first layer is
   * there.
   *
   * @param file what messages call the weights
   * @throws WeightsException if it is none of these
   */
  public static Architecture of(Weights weights, String file) throws WeightsException {
    String named = weights.metadata().get("architecture");
    for (Architecture architecture : values()) {
      boolean matches =
          named == null
              ? weights.contains(architecture.landmark)
              : named.equals(architecture.className);
      if (matches) {
        return architecture;
      }
    }
    throw new WeightsException(
        "%s: the network must be one of %s, found %s"
            .formatted(
                file,
                Arrays.stream(values()).map(Architecture::className).toList(),
                named == null ? "tensors of another network" : "'" + named + "'"));
  }

  /**
   * Checks that the weights hold exactly this network's tensors in matching shapes.
   *
   * @param file what messages call the weights
   * @throws WeightsException if a tensor is missing, left over, or of another type or shape; the
   *     message names it
   */
  public void check(Weights weights, String file) throws WeightsException {
    Inventory inventory = new Inventory(weights, file, this);
    expectAll(inventory);
    inventory.check();
  }

  abstract void expectAll(Inventory inventory) throws WeightsException;
}
