//! Points, boxes and curves of the canvas.

use domain::stack::Point;

/// Width of a node, in canvas units.
pub const NODE_WIDTH: f64 = 224.0;
/// Nodes snap to this grid.
pub const GRID: i32 = 20;

/// A point or a distance: on the screen in pixels from the canvas' upper left corner, on the canvas in canvas units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vec2 {
    pub x: f64,
    pub y: f64,
}

impl Vec2 {
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    pub fn plus(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }

    pub fn times(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }

    pub fn length(self) -> f64 {
        self.x.hypot(self.y)
    }
}

impl From<Point> for Vec2 {
    fn from(point: Point) -> Self {
        Self::new(f64::from(point.x), f64::from(point.y))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    pub fn between(a: Vec2, b: Vec2) -> Self {
        Self::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }

    /// The upper left corner.
    pub fn corner(&self) -> Vec2 {
        Vec2::new(self.x, self.y)
    }

    pub fn size(&self) -> Vec2 {
        Vec2::new(self.width, self.height)
    }

    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub fn centre(&self) -> Vec2 {
        Vec2::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub fn contains(&self, at: Vec2) -> bool {
        at.x >= self.x && at.x <= self.right() && at.y >= self.y && at.y <= self.bottom()
    }

    pub fn touches(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    pub fn moved(&self, by: Vec2) -> Self {
        Self::new(self.x + by.x, self.y + by.y, self.width, self.height)
    }

    pub fn grown(&self, by: f64) -> Self {
        Self::new(self.x - by, self.y - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }

    /// The smallest rectangle that contains this one and the point.
    fn with(&self, at: Vec2) -> Self {
        let (x, y) = (self.x.min(at.x), self.y.min(at.y));
        Self::new(x, y, self.right().max(at.x) - x, self.bottom().max(at.y) - y)
    }

    /// The smallest rectangle that contains all the given ones.
    pub fn around<'r>(all: impl IntoIterator<Item = &'r Self>) -> Option<Self> {
        all.into_iter().copied().reduce(|a, b| {
            let (x, y) = (a.x.min(b.x), a.y.min(b.y));
            Self::new(x, y, a.right().max(b.right()) - x, a.bottom().max(b.bottom()) - y)
        })
    }
}

/// The nearest point of the grid.
pub fn snap(at: Vec2) -> Point {
    let grid = f64::from(GRID);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and the canvas is smaller than that"
    )]
    let on_grid = |value: f64| (value / grid).round() as i32 * GRID;
    Point { x: on_grid(at.x), y: on_grid(at.y) }
}

/// The part of the canvas that is on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The position of the canvas' origin on the screen.
    pub offset: Vec2,
    pub scale: f64,
}

impl Default for View {
    fn default() -> Self {
        Self { offset: Vec2::default(), scale: 1.0 }
    }
}

/// Small enough that a stack of a hundred services fits.
const SMALLEST_SCALE: f64 = 0.1;
const LARGEST_SCALE: f64 = 2.0;

impl View {
    pub fn to_canvas(self, screen: Vec2) -> Vec2 {
        screen.minus(self.offset).times(1.0 / self.scale)
    }

    pub fn to_screen(self, canvas: Vec2) -> Vec2 {
        canvas.times(self.scale).plus(self.offset)
    }

    pub fn panned(&self, by: Vec2) -> Self {
        Self { offset: self.offset.plus(by), scale: self.scale }
    }

    /// The view zoomed by `factor`. The canvas point at the screen position `at` stays there.
    pub fn zoomed(&self, at: Vec2, factor: f64) -> Self {
        let scale = (self.scale * factor).clamp(SMALLEST_SCALE, LARGEST_SCALE);
        let under = self.to_canvas(at);
        Self { offset: at.minus(under.times(scale)), scale }
    }

    /// The view that shows all of `content` in the middle of a window of this size, never enlarged.
    pub fn fitting(content: Rect, window: Vec2) -> Self {
        let room = content.grown(28.0);
        let scale = (window.x / room.width).min(window.y / room.height).clamp(SMALLEST_SCALE, 1.0);
        let offset = window.times(0.5).minus(content.centre().times(scale));
        Self { offset, scale }
    }

    /// The view that shows all of `content` as large as possible, for maps.
    pub fn fitting_exactly(content: Rect, window: Vec2) -> Self {
        let scale = (window.x / content.width.max(1.0)).min(window.y / content.height.max(1.0));
        let offset = window.times(0.5).minus(content.centre().times(scale));
        Self { offset, scale }
    }

    /// Whether all of `content` is visible in a window of this size.
    pub fn shows(&self, content: Rect, window: Vec2) -> bool {
        let first = self.to_screen(Vec2::new(content.x, content.y));
        let last = self.to_screen(Vec2::new(content.right(), content.bottom()));
        first.x >= 0.0 && first.y >= 0.0 && last.x <= window.x && last.y <= window.y
    }
}

/// A cubic curve from one node to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    pub start: Vec2,
    pub first: Vec2,
    pub second: Vec2,
    pub end: Vec2,
}

impl Curve {
    /// A curve between the sides of `from` and `to` that face each other.
    pub fn between(from: &Rect, to: &Rect) -> Self {
        let beside = to.x >= from.right() || from.x >= to.right();
        if beside {
            let to_the_right = to.x >= from.right();
            let (start_x, end_x) = if to_the_right { (from.right(), to.x) } else { (from.x, to.right()) };
            let reach = ((end_x - start_x).abs() / 2.0).max(30.0) * if to_the_right { 1.0 } else { -1.0 };
            let (start, end) = (Vec2::new(start_x, from.centre().y), Vec2::new(end_x, to.centre().y));
            Self {
                start,
                first: start.plus(Vec2::new(reach, 0.0)),
                second: end.minus(Vec2::new(reach, 0.0)),
                end,
            }
        } else {
            let below = to.centre().y >= from.centre().y;
            let (start_y, end_y) = if below { (from.bottom(), to.y) } else { (from.y, to.bottom()) };
            let reach = ((end_y - start_y).abs() / 2.0).max(20.0) * if below { 1.0 } else { -1.0 };
            let (start, end) = (Vec2::new(from.centre().x, start_y), Vec2::new(to.centre().x, end_y));
            Self {
                start,
                first: start.plus(Vec2::new(0.0, reach)),
                second: end.minus(Vec2::new(0.0, reach)),
                end,
            }
        }
    }

    /// A curve from a node's handle to the pointer.
    pub fn to_pointer(from: &Rect, pointer: Vec2) -> Self {
        let start = Vec2::new(from.right(), from.centre().y);
        let reach = ((pointer.x - start.x).abs() / 2.0).max(30.0);
        Self {
            start,
            first: start.plus(Vec2::new(reach, 0.0)),
            second: pointer.minus(Vec2::new(reach, 0.0)),
            end: pointer,
        }
    }

    /// The same curve with its middle moved aside by `bend` canvas units, across its direction.
    pub fn bent(&self, bend: f64) -> Self {
        // The middle of a cubic curve moves three quarters as far as its two control points.
        let by = bend * 4.0 / 3.0;
        let is_sideways = (self.first.x - self.start.x).abs() >= (self.first.y - self.start.y).abs();
        let aside = if is_sideways { Vec2::new(0.0, by) } else { Vec2::new(by, 0.0) };
        Self { first: self.first.plus(aside), second: self.second.plus(aside), ..*self }
    }

    /// A curve that begins and ends sideways.
    pub fn turning(start: Vec2, end: Vec2) -> Self {
        let middle = (start.x + end.x) / 2.0;
        Self { start, first: Vec2::new(middle, start.y), second: Vec2::new(middle, end.y), end }
    }

    /// The point after a part of the way, from 0 to 1.
    pub fn at(&self, part: f64) -> Vec2 {
        let rest = 1.0 - part;
        let ends = self.start.times(rest.powi(3)).plus(self.end.times(part.powi(3)));
        let first = self.first.times(3.0 * rest * rest * part);
        ends.plus(first).plus(self.second.times(3.0 * rest * part * part))
    }

    /// A rectangle that contains the whole curve.
    pub fn bounds(&self) -> Rect {
        Rect::between(self.start, self.end).with(self.first).with(self.second)
    }

    /// The `d` attribute of an SVG path.
    pub fn path(&self) -> String {
        let Self { start, first, second, end } = self;
        format!(
            "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            start.x, start.y, first.x, first.y, second.x, second.y, end.x, end.y
        )
    }

    /// The `d` attribute of the arrow head at the end of the curve.
    pub fn arrow(&self) -> String {
        let way = self.end.minus(self.second);
        let along = way.times(7.0 / way.length().max(0.001));
        let across = Vec2::new(-along.y, along.x).times(0.6);
        let back = self.end.minus(along);
        let (left, right) = (back.plus(across), back.minus(across));
        format!(
            "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
            self.end.x, self.end.y, left.x, left.y, right.x, right.y
        )
    }

    /// The midpoint, for the label.
    pub fn middle(&self) -> Vec2 {
        let sum = self.start.plus(self.end).plus(self.first.plus(self.second).times(3.0));
        sum.times(1.0 / 8.0)
    }
}

/// The topmost of these boxes under a point: the last one drawn.
pub fn hit<'r, T>(boxes: impl DoubleEndedIterator<Item = (T, &'r Rect)>, at: Vec2) -> Option<T> {
    boxes.rev().find(|(_, rect)| rect.contains(at)).map(|(what, _)| what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_down_lands_on_the_grid() {
        assert_eq!(snap(Vec2::new(29.0, -31.0)), Point { x: 20, y: -40 });
    }

    #[test]
    fn screen_and_canvas_agree_after_zoom_and_pan() {
        let view = View::default().zoomed(Vec2::new(100.0, 50.0), 1.5).panned(Vec2::new(-7.0, 3.0));
        let there = view.to_canvas(view.to_screen(Vec2::new(12.0, 34.0)));
        assert!((there.x - 12.0).abs() < 1e-9 && (there.y - 34.0).abs() < 1e-9);
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let at = Vec2::new(300.0, 200.0);
        let before = View::default().to_canvas(at);
        let after = View::default().zoomed(at, 0.5).to_canvas(at);
        assert!(before.minus(after).length() < 1e-9);
    }

    #[test]
    fn zoom_has_ends() {
        assert!(View::default().zoomed(Vec2::default(), 100.0).scale <= LARGEST_SCALE);
        assert!(View::default().zoomed(Vec2::default(), 0.001).scale >= SMALLEST_SCALE);
    }

    #[test]
    fn fitting_shows_everything() {
        let content = Rect::new(-500.0, 100.0, 2000.0, 900.0);
        let window = Vec2::new(800.0, 600.0);
        let view = View::fitting(content, window);
        let first = view.to_screen(Vec2::new(content.x, content.y));
        let last = view.to_screen(Vec2::new(content.right(), content.bottom()));
        assert!(first.x >= 0.0 && first.y >= 0.0 && last.x <= window.x && last.y <= window.y);
    }

    #[test]
    fn a_hundred_services_fit() {
        let content = Rect::new(0.0, 0.0, 4000.0, 1400.0);
        let window = Vec2::new(820.0, 500.0);
        assert!(View::fitting(content, window).shows(content, window));
    }

    #[test]
    fn a_bent_curve_keeps_its_ends_and_moves_its_middle() {
        let curve = Curve::between(&Rect::new(0.0, 0.0, 100.0, 50.0), &Rect::new(400.0, 0.0, 100.0, 50.0));
        let bent = curve.bent(60.0);
        assert_eq!((bent.at(0.0), bent.at(1.0)), (curve.start, curve.end));
        assert!((bent.at(0.5).minus(curve.at(0.5)).y - 60.0).abs() < 1e-9);
        assert!(bent.bounds().contains(bent.at(0.3)));
    }

    #[test]
    fn a_wire_leaves_and_enters_on_the_sides_that_face_each_other() {
        let web = Rect::new(0.0, 0.0, NODE_WIDTH, 80.0);
        let db = Rect::new(400.0, 100.0, NODE_WIDTH, 80.0);
        let there = Curve::between(&web, &db);
        assert_eq!((there.start.x, there.end.x), (NODE_WIDTH, 400.0));
        let back = Curve::between(&db, &web);
        assert_eq!((back.start.x, back.end.x), (400.0, NODE_WIDTH));
        let below = Curve::between(&web, &Rect::new(20.0, 300.0, NODE_WIDTH, 80.0));
        assert_eq!((below.start.y, below.end.y), (80.0, 300.0));
    }

    #[test]
    fn the_topmost_box_is_hit() {
        let rects = [Rect::new(0.0, 0.0, 100.0, 100.0), Rect::new(50.0, 50.0, 100.0, 100.0)];
        let hit_at = |x, y| hit(rects.iter().enumerate(), Vec2::new(x, y));
        assert_eq!(hit_at(75.0, 75.0), Some(1));
        assert_eq!(hit_at(25.0, 25.0), Some(0));
        assert_eq!(hit_at(200.0, 0.0), None);
    }
}
