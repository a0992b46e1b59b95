//! The way of a wire: the direct curve, or one that bends around the nodes in between.

use super::geometry::{Curve, Rect};

/// How far, in canvas units, the middle of a curve is moved aside, the smallest bend first.
const BENDS: [f64; 12] =
    [50.0, -50.0, 90.0, -90.0, 140.0, -140.0, 200.0, -200.0, 280.0, -280.0, 380.0, -380.0];
/// Distance that a curve keeps from nodes.
const DISTANCE: f64 = 6.0;
/// Points of a curve that are tested.
const POINTS: u8 = 32;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Route {
    pub curve: Curve,
    /// No way around the nodes was found, so a part lies behind one and has to be drawn above it.
    pub is_covered: bool,
}

/// `others` are the nodes that are neither of the two ends.
pub fn route(from: &Rect, to: &Rect, others: &[Rect]) -> Route {
    let direct = Curve::between(from, to);
    let mut ways = std::iter::once(0.0).chain(BENDS).map(|bend| direct.bent(bend));
    match ways.find(|curve| is_free(curve, others)) {
        Some(curve) => Route { curve, is_covered: false },
        None => Route { curve: direct, is_covered: true },
    }
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

    #[test]
    fn with_nothing_in_between_a_wire_is_direct() {
        let (a, b) = (node(0.0, 0.0), node(300.0, 100.0));
        let route = route(&a, &b, &[node(0.0, 400.0)]);
        assert_eq!(route, Route { curve: Curve::between(&a, &b), is_covered: false });
    }

    #[test]
    fn a_wire_bends_around_the_node_in_between() {
        let (a, between, b) = (node(0.0, 0.0), node(300.0, 0.0), node(600.0, 0.0));
        let route = route(&a, &b, &[between]);
        assert!(!route.is_covered);
        assert!((0..=100).all(|part| !between.contains(route.curve.at(f64::from(part) / 100.0))));
        assert_eq!(
            (route.curve.start, route.curve.end),
            (Curve::between(&a, &b).start, Curve::between(&a, &b).end)
        );
    }

    #[test]
    fn nodes_above_each_other_have_a_way_around_too() {
        let route = route(&node(0.0, 0.0), &node(0.0, 300.0), &[node(0.0, 120.0)]);
        assert!(!route.is_covered);
    }

    #[test]
    fn without_a_way_around_the_wire_is_known_to_be_covered() {
        let wall: Vec<Rect> = (-20..20).map(|row| node(300.0, f64::from(row) * 60.0)).collect();
        assert!(route(&node(0.0, 0.0), &node(600.0, 0.0), &wall).is_covered);
    }
}
