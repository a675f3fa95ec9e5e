package dev.echod.client.load;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

import org.springframework.web.util.HtmlUtils;

/**
 * Draws lines over an axis, as SVG that a page's style gives its colours.
 */
final class Chart {

	private static final int WIDTH = 920;

	private static final int HEIGHT = 260;

	private static final int LEFT = 72;

	private static final int RIGHT = 32;

	private static final int TOP = 12;

	private static final int BOTTOM = 30;

	/**
	 * What is known of a place is shown so far to its left and right, in pixels.
	 */
	private static final double NEAR = 6;

	private final Axis across;

	private final Axis up;

	private final Formatter svg = new Formatter(Locale.ROOT);

	/**
	 * Begins a chart.
	 * @param name of what it shows, for those who do not see it
	 */
	Chart(String name, Axis across, Axis up) {
		this.across = across;
		this.up = up;
		this.svg.format("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n", WIDTH, HEIGHT,
				HtmlUtils.htmlEscape(name, "UTF-8"));
	}

	/**
	 * Draws the axes.
	 * @param acrossText what a value across is called
	 * @param upText what one upwards is called
	 */
	Chart axes(DoubleFunction<String> acrossText, DoubleFunction<String> upText) {
		for (double tick : this.up.ticks()) {
			this.svg.format("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT,
					y(tick), y(tick));
			this.svg.format("<text class=\"end\" x=\"%d\" y=\"%.1f\">%s</text>%n", LEFT - 8, y(tick) + 4,
					upText.apply(tick));
		}
		for (double tick : this.across.ticks()) {
			this.svg.format("<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x(tick), x(tick), TOP,
					HEIGHT - BOTTOM);
			this.svg.format("<text class=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n", x(tick), HEIGHT - 10,
					acrossText.apply(tick));
		}
		return this;
	}

	/**
	 * Draws a line, with gaps where values are not numbers.
	 * @param style the class of its colour
	 */
	Chart line(String style, List<Point> points) {
		StringBuilder path = new StringBuilder();
		boolean gap = true;
		for (Point point : points) {
			boolean there = !Double.isNaN(point.up());
			if (there) {
				path.append(String.format(Locale.ROOT, gap ? "M%.1f %.1fh0" : "L%.1f %.1f", x(point.across()),
						y(point.up())));
			}
			gap = !there;
		}
		this.svg.format("<path class=\"line %s\" d=\"%s\"/>%n", style, path);
		return this;
	}

	/**
	 * Tells a part from the rest.
	 * @param style the class of its colour
	 */
	Chart part(String style, double from, double to) {
		this.svg.format("<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n", style, x(from), TOP,
				x(to) - x(from), HEIGHT - TOP - BOTTOM);
		return this;
	}

	/**
	 * Marks a place with a line from top to bottom.
	 * @param style the class of its colour
	 */
	Chart mark(String style, double across) {
		this.svg.format("<line class=\"mark %s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n", style, x(across),
				x(across), TOP, HEIGHT - BOTTOM);
		return this;
	}

	/**
	 * Says what is known of a place to who points at it.
	 */
	Chart note(double across, String text) {
		this.svg.format(
				"<rect class=\"note\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>%n",
				x(across) - NEAR, TOP, 2 * NEAR, HEIGHT - TOP - BOTTOM, HtmlUtils.htmlEscape(text, "UTF-8"));
		return this;
	}

	String toSvg() {
		return this.svg + "</svg>\n";
	}

	private double x(double value) {
		return LEFT + this.across.of(value) * (WIDTH - LEFT - RIGHT);
	}

	private double y(double value) {
		return HEIGHT - BOTTOM - this.up.of(value) * (HEIGHT - TOP - BOTTOM);
	}

	/**
	 * A point of a line.
	 */
	record Point(double across, double up) {

	}

}
