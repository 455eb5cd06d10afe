package eventsource.server;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What others can call or extend, as text: each public type of the exported packages with its public and protected members,
 * sorted. It says no more than class files do, so that it is the same whichever JDK has compiled and reads them.
 */
final class PublicApi {

    private static final int WRITTEN_MODIFIERS =
            Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;

    private PublicApi() {}

    /** The API of the module whose classes are in a directory. */
    static List<String> of(Path classes) throws IOException {
        ModuleDescriptor module =
                ModuleFinder.of(classes).findAll().iterator().next().descriptor();
        List<String> lines = new ArrayList<>();
        for (String exported : module.exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .toList()) {
            try (Stream<Path> files = Files.list(classes.resolve(exported.replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                        .map(name -> load(exported + '.' + name.substring(0, name.length() - ".class".length())))
                        .filter(PublicApi::isReachable)
                        .sorted((one, other) -> one.getName().compareTo(other.getName()))
                        .forEach(type -> add(type, lines));
            }
        }
        return lines;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, /* initialize= */ false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException gone) {
            throw new AssertionError(gone);
        }
    }

    private static boolean isReachable(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return isVisible(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (outer == null || isReachable(outer));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static void add(Class<?> type, List<String> lines) {
        lines.add(header(type));
        Predicate<Member> visible = member -> isVisible(member.getModifiers()) && !member.isSynthetic();
        Stream<String> fields =
                Arrays.stream(type.getDeclaredFields()).filter(visible).map(PublicApi::field);
        Stream<String> constructors =
                Arrays.stream(type.getDeclaredConstructors()).filter(visible).map(PublicApi::constructor);
        Stream<String> methods =
                Arrays.stream(type.getDeclaredMethods()).filter(visible).map(PublicApi::method);
        Stream.of(fields, constructors, methods).flatMap(all -> all.sorted()).forEach(line -> lines.add("    " + line));
    }

    private static String header(Class<?> type) {
        String kind =
                type.isRecord() ? "record " : type.isEnum() ? "enum " : type.isInterface() ? "interface " : "class ";
        int written = type.isInterface() ? ~Modifier.ABSTRACT : ~0;
        String sealed = type.isSealed() ? "sealed " : "";
        Type parent = type.getGenericSuperclass();
        String extended = parent == null || parent == Object.class ? "" : " extends " + name(parent);
        String implemented = Arrays.stream(type.getGenericInterfaces())
                .map(PublicApi::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return modifiers(type.getModifiers() & written)
                + sealed
                + kind
                + name(type)
                + variables(type)
                + extended
                + (implemented.isEmpty() ? "" : (type.isInterface() ? " extends " : " implements ") + implemented);
    }

    private static String field(Field field) {
        return modifiers(field.getModifiers()) + name(field.getGenericType()) + ' ' + field.getName();
    }

    private static String constructor(Constructor<?> constructor) {
        return signature(constructor, constructor.getDeclaringClass().getSimpleName());
    }

    private static String method(Method method) {
        return signature(method, name(method.getGenericReturnType()) + ' ' + method.getName());
    }

    private static String signature(Executable executable, String called) {
        boolean isDefault = executable instanceof Method method && method.isDefault();
        String variables = variables(executable);
        String parameters = Arrays.stream(executable.getGenericParameterTypes())
                .map(PublicApi::name)
                .collect(Collectors.joining(", ", "(", ")"));
        if (executable.isVarArgs()) {
            parameters = parameters.substring(0, parameters.length() - "[])".length()) + "...)";
        }
        String thrown = Arrays.stream(executable.getGenericExceptionTypes())
                .map(PublicApi::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return modifiers(executable.getModifiers())
                + (isDefault ? "default " : "")
                + (variables.isEmpty() ? "" : variables + ' ')
                + called
                + parameters
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String variables(GenericDeclaration declaration) {
        TypeVariable<?>[] variables = declaration.getTypeParameters();
        return variables.length == 0
                ? ""
                : Arrays.stream(variables).map(PublicApi::variable).collect(Collectors.joining(", ", "<", ">"));
    }

    private static String variable(TypeVariable<?> variable) {
        String bounds = Arrays.stream(variable.getBounds())
                .filter(bound -> bound != Object.class)
                .map(PublicApi::name)
                .collect(Collectors.joining(" & "));
        return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
    }

    private static String modifiers(int modifiers) {
        String text = Modifier.toString(modifiers & WRITTEN_MODIFIERS);
        return text.isEmpty() ? "" : text + ' ';
    }

    private static String name(Type type) {
        return type.getTypeName().replace('$', '.');
    }
}
