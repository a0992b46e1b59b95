//! Automatic layout for nodes without a stored place: in columns, by the depth of their dependencies.

use std::collections::BTreeMap;

use domain::stack::{Canvas, Point};

use super::geometry::{GRID, NODE_WIDTH, Rect, Vec2, snap};

/// Space between columns, and between the nodes of a column.
const COLUMN_GAP: f64 = 76.0;
const ROW_GAP: f64 = 40.0;
const MARGIN: f64 = 60.0;
/// The rest of a longer column goes into another column beside it, so that forty unconnected services are not one long line.
const LONGEST_COLUMN: usize = 5;

/// What the layout needs to know about a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub service: String,
    pub height: f64,
    pub depends_on: Vec<String>,
}

/// A place for every service: its stored place, or else a free one.
pub fn positions(items: &[Item], canvas: &Canvas) -> BTreeMap<String, Point> {
    let placed: BTreeMap<String, Point> = items
        .iter()
        .filter_map(|item| canvas.positions.get(&item.service).map(|at| (item.service.clone(), *at)))
        .collect();
    if placed.is_empty() {
        return in_columns(items);
    }
    let mut taken: Vec<Rect> =
        items.iter().filter_map(|item| placed.get(&item.service).map(|at| boxed(*at, item.height))).collect();
    let mut all = placed;
    for item in items {
        if !all.contains_key(&item.service) {
            let at = free_place(&taken, item.height);
            taken.push(boxed(at, item.height));
            all.insert(item.service.clone(), at);
        }
    }
    all
}

/// The first place, column by column, at which a node of this height overlaps no other node.
pub fn free_place(taken: &[Rect], height: f64) -> Point {
    let columns = 0..taken.len() + 1;
    let spots = columns.flat_map(|column| {
        let x = MARGIN + count(column) * (NODE_WIDTH + COLUMN_GAP);
        (0..30).map(move |row| Vec2::new(x, MARGIN + count(row) * f64::from(GRID) * 2.0))
    });
    let free = |at: &Vec2| {
        let spot = boxed(snap(*at), height).grown(ROW_GAP / 2.0);
        !taken.iter().any(|other| other.touches(&spot))
    };
    spots.map(|at| snap(at).into()).find(free).map_or(Point { x: 40, y: 40 }, snap)
}

/// The requested place, or the nearest place below it at which a node overlaps no other node.
pub fn free_near(wish: Point, taken: &[Rect], height: f64) -> Point {
    let mut at = wish;
    while taken.iter().any(|other| other.touches(&boxed(at, height))) {
        at.y += GRID;
    }
    at
}

/// The rectangle of a node at this place.
pub fn boxed(at: Point, height: f64) -> Rect {
    Rect::new(f64::from(at.x), f64::from(at.y), NODE_WIDTH, height)
}

#[expect(clippy::cast_precision_loss, reason = "columns and rows are few")]
fn count(number: usize) -> f64 {
    number as f64
}

fn in_columns(items: &[Item]) -> BTreeMap<String, Point> {
    let depths = depths(items);
    let deepest = depths.iter().copied().max().unwrap_or(0);
    let mut all = BTreeMap::new();
    let mut x = MARGIN;
    for depth in 0..=deepest {
        let column: Vec<&Item> =
            items.iter().zip(&depths).filter(|(_, at)| **at == depth).map(|(item, _)| item).collect();
        // Keeps the layout roughly square: seven unconnected services become three columns of two or three, not one of seven.
        let rows = if column.len() > LONGEST_COLUMN {
            (1..).find(|rows| rows * rows >= column.len()).unwrap_or(LONGEST_COLUMN)
        } else if deepest == 0 && column.len() > 2 {
            2
        } else {
            LONGEST_COLUMN
        };
        for part in column.chunks(rows) {
            let mut y = MARGIN;
            for item in part {
                all.insert(item.service.clone(), snap(Vec2::new(x, y)));
                y += item.height + ROW_GAP;
            }
            x += NODE_WIDTH + COLUMN_GAP;
        }
    }
    all
}

/// For each service, the number of services before it on the longest path of dependencies; 0 if no service depends on it.
/// Cycles are cut where they are found.
fn depths(items: &[Item]) -> Vec<usize> {
    let number: BTreeMap<&str, usize> =
        items.iter().enumerate().map(|(n, item)| (item.service.as_str(), n)).collect();
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (n, item) in items.iter().enumerate() {
        for on in item.depends_on.iter().filter_map(|on| number.get(on.as_str())) {
            if *on != n {
                dependents[*on].push(n);
            }
        }
    }
    let mut depths = vec![None; items.len()];
    for n in 0..items.len() {
        depth_of(n, &dependents, &mut depths, &mut Vec::new());
    }
    depths.into_iter().map(Option::unwrap_or_default).collect()
}

fn depth_of(
    n: usize,
    dependents: &[Vec<usize>],
    depths: &mut [Option<usize>],
    way: &mut Vec<usize>,
) -> usize {
    if let Some(known) = depths[n] {
        return known;
    }
    way.push(n);
    let depth = dependents[n]
        .iter()
        .filter_map(|before| (!way.contains(before)).then_some(*before))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|before| depth_of(before, dependents, depths, way) + 1)
        .max()
        .unwrap_or(0);
    way.pop();
    depths[n] = Some(depth);
    depth
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(service: &str, depends_on: &[&str]) -> Item {
        Item {
            service: service.to_owned(),
            height: 80.0,
            depends_on: depends_on.iter().map(|on| (*on).to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_depended_on_stands_to_the_right() {
        let all = positions(
            &[item("db", &[]), item("proxy", &["web"]), item("web", &["db", "cache"]), item("cache", &[])],
            &Canvas::default(),
        );
        assert!(all["proxy"].x < all["web"].x);
        assert!(all["web"].x < all["db"].x);
        assert_eq!(all["db"].x, all["cache"].x);
        assert_ne!(all["db"].y, all["cache"].y);
    }

    #[test]
    fn a_cycle_still_has_a_picture() {
        let all = positions(&[item("a", &["b"]), item("b", &["a"]), item("c", &["c"])], &Canvas::default());
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn nobody_stands_on_another() {
        let items: Vec<Item> = (0..23).map(|n| item(&format!("s{n}"), &[])).collect();
        let all = positions(&items, &Canvas::default());
        let boxes: Vec<Rect> = all.values().map(|at| boxed(*at, 80.0)).collect();
        for (n, a) in boxes.iter().enumerate() {
            assert!(boxes[n + 1..].iter().all(|b| !a.touches(b)));
        }
    }

    #[test]
    fn who_was_put_somewhere_stays_and_the_rest_find_room() {
        let mut canvas = Canvas::default();
        canvas.positions.insert("web".into(), Point { x: 40, y: 40 });
        let all = positions(&[item("web", &["db"]), item("db", &[])], &canvas);
        assert_eq!(all["web"], Point { x: 40, y: 40 });
        assert!(!boxed(all["db"], 80.0).touches(&boxed(all["web"], 80.0)));
    }

    #[test]
    fn dropping_on_a_node_lands_below_it() {
        let taken = [boxed(Point { x: 40, y: 40 }, 80.0)];
        assert_eq!(free_near(Point { x: 60, y: 60 }, &taken, 80.0), Point { x: 60, y: 120 });
    }
}
