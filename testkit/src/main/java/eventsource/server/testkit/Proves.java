package eventsource.server.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What is broken when a case of a contract fails: of a class of cases, or of one that is there for something else. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface Proves {

    String ORDER = "promise 1, order";
    String RESUME = "promise 2, resume";
    String TOLD = "promise 3, told";
    String ISOLATION = "promise 4, isolation";
    String INJECTION = "promise 6, injection-proof";
    String ENDINGS = "promise 7, clean endings";
    String BOUNDED = "promise 8, bounded";
    String WIRE = "the wire format";
    String HTTP = "the manners of HTTP";

    /** A promise, or another rule that has a name. */
    String value();
}
