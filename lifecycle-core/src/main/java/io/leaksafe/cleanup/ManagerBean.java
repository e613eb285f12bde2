package io.leaksafe.cleanup;

import io.leaksafe.handle.HandleInfo;
import io.leaksafe.handle.Kind;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanConstructorInfoSupport;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager as seen through JMX, from its making to its close. It answers for itself, with types that every console knows, so
 * that there is no interface to export and no reflection; only who asks for it needs the module {@code java.management}.
 */
final class ManagerBean implements DynamicMBean {

  private static final Logger LOG = LoggerFactory.getLogger(ManagerBean.class.getPackageName());
  private static final String CHECK = "check";

  /** What can be read: its type and how it is made. */
  private record Read(
      String name, String description, OpenType<?> type, Function<RootScope, Object> read) {

    OpenMBeanAttributeInfoSupport info() {
      return new OpenMBeanAttributeInfoSupport(
          name, description, type, true, false, type == SimpleType.BOOLEAN);
    }
  }

  private static final List<Read> READS = List.of(
      new Read("Name", "Its name", SimpleType.STRING, Scope::name),
      new Read(
          "State",
          "OPEN, CLOSING or CLOSED",
          SimpleType.STRING,
          root -> root.state().name()),
      new Read("Ready", "Whether it takes new work", SimpleType.BOOLEAN, RootScope::isReady),
      new Read(
          "Live",
          "How many handles are live",
          SimpleType.INTEGER,
          root -> root.handles().size()),
      new Read("LiveByKind", "How many of each kind", OpenTables.PAIRS, ManagerBean::byKind),
      new Read("Tree", "The live tree as text", SimpleType.STRING, Scope::describe),
      new Read(
          "Handles",
          "The live handles in closing order",
          OpenTables.HANDLES,
          root -> OpenTables.handles(root.handles())),
      new Read(
          "Health",
          "What the manager's health monitor says; empty if it has none",
          OpenTables.PAIRS,
          root -> OpenTables.pairs(root.root().health())),
      new Read(
          "Report",
          "The report of the close as it is now",
          SimpleType.STRING,
          root -> root.report().toString()));

  private final RootScope root;

  private ManagerBean(RootScope root) {
    this.root = root;
  }

  /**
   * Registers a bean for a manager, under a name of its own.
   *
   * @return takes it out again; never throws
   */
  static Runnable publish(RootScope root) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ManagerBean bean = new ManagerBean(root);
    try {
      ObjectName name = register(server, bean, root.name());
      return () -> unregister(server, name);
    } catch (JMException | RuntimeException refused) {
      LOG.warn("'{}' cannot be seen through JMX; everything else works.", root.name(), refused);
      return () -> {};
    }
  }

  private static ObjectName register(MBeanServer server, ManagerBean bean, String manager)
      throws JMException {
    String first = "io.leaksafe:type=CleanupManager,name=" + ObjectName.quote(manager);
    for (int number = 1; ; number++) {
      try {
        ObjectName name = new ObjectName(number == 1 ? first : first + ",number=" + number);
        server.registerMBean(bean, name);
        return name;
      } catch (InstanceAlreadyExistsException taken) {
        LOG.debug("Another manager '{}' has number {}.", manager, number);
      }
    }
  }

  private static void unregister(MBeanServer server, ObjectName name) {
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException gone) {
      LOG.debug("Somebody else has taken '{}' out.", name);
    } catch (JMException | RuntimeException failure) {
      LOG.warn("'{}' could not be taken out of JMX.", name, failure);
    }
  }

  private static Object byKind(RootScope root) {
    Map<String, Object> counts = new TreeMap<>();
    for (HandleInfo handle : root.handles()) {
      Kind kind = handle.kind();
      counts.merge(kind.name(), 1, (a, b) -> (Integer) a + (Integer) b);
    }
    return OpenTables.pairs(counts);
  }

  // ---- what JMX calls

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    for (Read each : READS) {
      if (each.name.equals(attribute)) {
        return each.read.apply(root);
      }
    }
    throw new AttributeNotFoundException(
        "There is no attribute '" + attribute + "'; there are " + names() + ".");
  }

  private static List<String> names() {
    return READS.stream().map(Read::name).toList();
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList values = new AttributeList();
    for (String attribute : attributes) {
      try {
        values.add(new Attribute(attribute, getAttribute(attribute)));
      } catch (AttributeNotFoundException unknown) {
        LOG.debug("{}", unknown.getMessage()); // the contract has it left out
      }
    }
    return values;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(
        "Attribute '" + attribute.getName() + "' cannot be set; nothing here can.");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(
      String operation, @Nullable Object @Nullable [] arguments, String @Nullable [] signature)
      throws ReflectionException {
    if (operation.equals(CHECK)) {
      return OpenTables.handles(root.check());
    }
    throw new ReflectionException(
        new NoSuchMethodException(operation),
        "There is no operation '" + operation + "'; there is '" + CHECK + "'.");
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    OpenMBeanAttributeInfoSupport[] attributes =
        READS.stream().map(Read::info).toArray(OpenMBeanAttributeInfoSupport[]::new);
    OpenMBeanOperationInfoSupport check = new OpenMBeanOperationInfoSupport(
        CHECK,
        "Looks for handles that are too old, and for what was dropped; returns them",
        new OpenMBeanParameterInfoSupport[0],
        OpenTables.HANDLES,
        OpenMBeanOperationInfoSupport.ACTION_INFO);
    return new OpenMBeanInfoSupport(
        ManagerBean.class.getName(),
        "What the manager '" + root.name() + "' owns",
        attributes,
        new OpenMBeanConstructorInfoSupport[0],
        new OpenMBeanOperationInfoSupport[] {check},
        null);
  }
}
