package eventsource.server.verification.flow;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.testng.IAnnotationTransformer;
import org.testng.annotations.ITestAnnotation;

/**
 * Leaves out the rules that the kit names but has no test for: they do nothing but report themselves as skipped. TestNG
 * finds this class as a service. Rules that do not apply to one of our publishers are left out by its own class.
 */
public final class TestableRules implements IAnnotationTransformer {

    @Override
    @SuppressWarnings("rawtypes") // so they are declared
    public void transform(
            ITestAnnotation annotation,
            @Nullable Class inClass,
            @Nullable Constructor constructor,
            @Nullable Method method) {
        if (method != null && method.getName().startsWith("untested_")) {
            annotation.setEnabled(false);
        }
    }
}
