package eventsource.server.fanout;

import java.util.List;
import java.util.Locale;

/** Horizontal bars in two parts, one panel below the other, as SVG. */
final class Plot {

    private static final int WIDTH = 800;
    private static final int LABELS = 230;
    private static final int RIGHT = 70;
    private static final int ROW = 24;
    private static final int HEAD = 44;
    private static final int TOP = 64;

    private final StringBuilder svg = new StringBuilder();

    private Plot() {}

    /**
     * One bar.
     *
     * @param first the left part: system
     * @param second the right part: user
     */
    record Bar(String label, double first, double second) {
        double total() {
            return first + second;
        }
    }

    /** Bars that are compared with the first of them. */
    record Panel(String title, List<Bar> bars) {}

    static String of(String title, List<Panel> panels) {
        return new Plot().draw(title, panels);
    }

    private String draw(String title, List<Panel> panels) {
        int height = TOP
                + panels.stream()
                        .mapToInt(panel -> HEAD + ROW * panel.bars().size())
                        .sum()
                + 16;
        add("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """, WIDTH, height, WIDTH, height);
        text(16, 28, "start", "bold", title);
        legend();
        int y = TOP;
        for (Panel panel : panels) {
            text(16, y + 20, "start", "bold", panel.title());
            bars(panel.bars(), y + HEAD - 8);
            y += HEAD + ROW * panel.bars().size();
        }
        return svg.append("</svg>\n").toString();
    }

    private void legend() {
        rectangle(16, 40, 12, 12, "#3b6ea5");
        text(34, 51, "start", "normal", "system");
        rectangle(100, 40, 12, 12, "#e08e45");
        text(118, 51, "start", "normal", "user");
    }

    private void bars(List<Bar> bars, int top) {
        double most = bars.stream().mapToDouble(Bar::total).max().orElse(1);
        double scale = (WIDTH - LABELS - RIGHT) / most;
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = top + ROW * i;
            text(LABELS - 8, y + 14, "end", "normal", bar.label());
            rectangle(LABELS, y + 2, bar.first() * scale, ROW - 7, "#3b6ea5");
            rectangle(LABELS + bar.first() * scale, y + 2, bar.second() * scale, ROW - 7, "#e08e45");
            String value = String.format(Locale.ROOT, "%.1f", bar.total());
            text(LABELS + bar.total() * scale + 6, y + 14, "start", "normal", value);
        }
        double floor = LABELS + (bars.isEmpty() ? 0 : bars.get(0).total() * scale);
        add(
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#555555\" stroke-dasharray=\"3 3\"/>\n",
                floor, top, floor, top + ROW * bars.size());
    }

    private void rectangle(double x, double y, double width, double height, String fill) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y, width, height, fill);
    }

    private void text(double x, double y, String anchor, String weight, String words) {
        String escaped = words.replace("&", "&amp;").replace("<", "&lt;");
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"#222222\">%s</text>\n",
                x, y, anchor, weight, escaped);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
