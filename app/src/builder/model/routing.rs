//! The way of a wire: the direct curve, or one that leads around the nodes in between.

use super::geometry::{Curve, Rect, Vec2};

/// How far, in canvas units, the middle of a curve is moved aside, the smallest bend first.
const SMALL_BENDS: [f64; 5] = [0.0, 50.0, -50.0, 90.0, -90.0];
const LARGE_BENDS: [f64; 4] = [140.0, -140.0, 220.0, -220.0];
/// Distance that a wire keeps from nodes.
const DISTANCE: f64 = 6.0;
/// Width of the turn from a node into a lane: less than the space between two columns of nodes.
const TURN: f64 = 60.0;
/// How much higher or lower than its ends a lane may be, both ends together: longer ways are hard to follow.
const LONGEST_DETOUR: f64 = 800.0;
/// Points of a curve that are tested.
const POINTS: u8 = 32;

#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// One curve or several, each of which begins where the one before ends; never empty.
    curves: Vec<Curve>,
    /// No way around the nodes was found, so a part lies behind one and has to be drawn above it.
    pub is_covered: bool,
}

impl Route {
    /// The `d` attribute of an SVG path.
    pub fn path(&self) -> String {
        self.curves.iter().map(Curve::path).collect()
    }

    /// The `d` attribute of the arrow head at the end.
    pub fn arrow(&self) -> String {
        self.curves.last().map(Curve::arrow).unwrap_or_default()
    }

    /// The place of the label.
    pub fn middle(&self) -> Vec2 {
        self.curves.get(self.curves.len() / 2).map(Curve::middle).unwrap_or_default()
    }
}

/// `others` are the nodes that are neither of the two ends.
pub fn route(from: &Rect, to: &Rect, others: &[Rect]) -> Route {
    let direct = Curve::between(from, to);
    let bent = |bends: &[f64]| {
        let mut ways = bends.iter().map(|bend| direct.bent(*bend));
        ways.find(|way| is_free(way, others)).map(|way| vec![way])
    };
    let free = bent(&SMALL_BENDS).or_else(|| through_lane(&direct, others)).or_else(|| bent(&LARGE_BENDS));
    Route { is_covered: free.is_none(), curves: free.unwrap_or_else(|| vec![direct]) }
}

/// The shortest way along a lane between two rows of nodes, for ends that stand beside each other.
fn through_lane(direct: &Curve, others: &[Rect]) -> Option<Vec<Curve>> {
    let (start, end) = (direct.start, direct.end);
    let turn = if end.x > start.x { TURN } else { -TURN };
    if (end.x - start.x).abs() < 2.0 * TURN || (direct.first.y - start.y).abs() > 1.0 {
        return None;
    }
    let along = |lane: f64| {
        let (first, last) = (Vec2::new(start.x + turn, lane), Vec2::new(end.x - turn, lane));
        [Curve::turning(start, first), Curve::turning(first, last), Curve::turning(last, end)]
    };
    let detour = |lane: &f64| (lane - start.y).abs() + (lane - end.y).abs();
    let lanes = others.iter().flat_map(|other| [other.y - 16.0, other.bottom() + 16.0]);
    lanes
        .filter(|lane| {
            detour(lane) <= LONGEST_DETOUR && along(*lane).iter().all(|curve| is_free(curve, others))
        })
        .min_by(|a, b| detour(a).total_cmp(&detour(b)))
        .map(|lane| along(lane).to_vec())
}

fn is_free(curve: &Curve, others: &[Rect]) -> bool {
    let bounds = curve.bounds();
    let near: Vec<Rect> =
        others.iter().map(|other| other.grown(DISTANCE)).filter(|other| other.touches(&bounds)).collect();
    near.is_empty()
        || (1..POINTS).all(|part| {
            let at = curve.at(f64::from(part) / f64::from(POINTS));
            !near.iter().any(|other| other.contains(at))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(x: f64, y: f64) -> Rect {
        Rect::new(x, y, 224.0, 64.0)
    }

    /// Whether a wire from the first to the last node passes all others.
    fn passes(route: &Route, others: &[Rect]) -> bool {
        let clear = |curve: &Curve| {
            (0..=100)
                .all(|part| !others.iter().any(|other| other.contains(curve.at(f64::from(part) / 100.0))))
        };
        !route.is_covered && route.curves.iter().all(clear)
    }

    #[test]
    fn with_nothing_in_between_a_wire_is_direct() {
        let (a, b) = (node(0.0, 0.0), node(300.0, 100.0));
        let route = route(&a, &b, &[node(0.0, 400.0)]);
        assert_eq!(route, Route { curves: vec![Curve::between(&a, &b)], is_covered: false });
    }

    #[test]
    fn a_wire_bends_around_the_node_in_between() {
        let (a, between, b) = (node(0.0, 0.0), node(300.0, 0.0), node(600.0, 0.0));
        let route = route(&a, &b, &[between]);
        assert!(passes(&route, &[between]));
        let direct = Curve::between(&a, &b);
        assert_eq!((route.curves[0].start, route.curves[0].end), (direct.start, direct.end));
    }

    #[test]
    fn nodes_above_each_other_have_a_way_around_too() {
        let between = node(0.0, 120.0);
        assert!(passes(&route(&node(0.0, 0.0), &node(0.0, 300.0), &[between]), &[between]));
    }

    #[test]
    fn in_a_grid_of_nodes_a_wire_takes_the_lane_between_two_rows() {
        let at = |column: u8, row: u8| node(f64::from(column) * 300.0, f64::from(row) * 104.0);
        let others: Vec<Rect> = (1..7)
            .flat_map(|column| (0..8).map(move |row| (column, row)))
            .map(|(column, row)| at(column, row))
            .collect();
        for (from, to) in [(at(0, 3), at(7, 3)), (at(0, 0), at(7, 6)), (at(7, 2), at(0, 5))] {
            let route = route(&from, &to, &others);
            assert!(passes(&route, &others), "{route:?}");
            let ends = (route.curves[0].start, route.curves[route.curves.len() - 1].end);
            assert_eq!(ends, (Curve::between(&from, &to).start, Curve::between(&from, &to).end));
        }
    }

    #[test]
    fn without_a_way_around_the_wire_is_known_to_be_covered() {
        let wall: Vec<Rect> = (-20..20).map(|row| node(300.0, f64::from(row) * 60.0)).collect();
        assert!(route(&node(0.0, 0.0), &node(600.0, 0.0), &wall).is_covered);
    }
}
