//! The areas that a network covers on the canvas: around its members, and around no other service.

use super::geometry::Rect;

/// The distance between a member and the edge of its area, and the height of the line with the network's name above it.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub margin: f64,
    pub name: f64,
}

/// For areas that have little room.
const TIGHT: [Frame; 2] = [Frame { margin: 10.0, name: 18.0 }, Frame { margin: 4.0, name: 0.0 }];

/// One area around all members if no other service lies in it; otherwise as few areas as are found without any.
pub fn areas(members: &[Rect], others: &[Rect], frame: Frame) -> Vec<Rect> {
    let is_free = |rect: &Rect| !others.iter().any(|other| other.touches(rect));
    let joined = |a: &Rect, b: &Rect| Rect::around([a, b]).filter(|both| is_free(&framed(both, frame)));
    let mut groups: Vec<Rect> = Vec::new();
    for member in members {
        match groups.iter_mut().find_map(|group| Some((joined(group, member)?, group))) {
            Some((both, group)) => *group = both,
            None => groups.push(*member),
        }
    }
    while let Some((first, second, both)) = first_pair(&groups, &joined) {
        groups.remove(second);
        groups[first] = both;
    }
    let fitting = |group: &Rect| {
        let mut frames = std::iter::once(frame).chain(TIGHT).map(|frame| framed(group, frame));
        frames.find(is_free).unwrap_or(*group)
    };
    groups.iter().map(fitting).collect()
}

/// The numbers of two groups that can be one, the smaller number first, and the joined group.
fn first_pair(
    groups: &[Rect],
    joined: &impl Fn(&Rect, &Rect) -> Option<Rect>,
) -> Option<(usize, usize, Rect)> {
    groups.iter().enumerate().find_map(|(first, a)| {
        let mut rest = groups.iter().enumerate().skip(first + 1);
        rest.find_map(|(second, b)| Some((first, second, joined(a, b)?)))
    })
}

fn framed(group: &Rect, Frame { margin, name }: Frame) -> Rect {
    let around = group.grown(margin);
    Rect::new(around.x, around.y - name, around.width, around.height + name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { margin: 14.0, name: 18.0 };

    fn node(x: f64, y: f64) -> Rect {
        Rect::new(x, y, 224.0, 64.0)
    }

    fn covers(areas: &[Rect], members: &[Rect], others: &[Rect]) {
        for member in members {
            assert!(
                areas.iter().any(|area| area.contains(member.corner()) && area.right() >= member.right())
            );
        }
        for other in others {
            assert!(!areas.iter().any(|area| area.touches(other)), "{other:?} lies in {areas:?}");
        }
    }

    #[test]
    fn neighbours_share_one_area() {
        let members = [node(0.0, 0.0), node(300.0, 0.0), node(300.0, 200.0)];
        let others = [node(700.0, 0.0)];
        let areas = areas(&members, &others, FRAME);
        assert_eq!(areas.len(), 1);
        covers(&areas, &members, &others);
    }

    #[test]
    fn a_service_between_two_members_stays_outside() {
        let members = [node(0.0, 0.0), node(600.0, 0.0), node(600.0, 200.0)];
        let others = [node(300.0, 0.0)];
        let areas = areas(&members, &others, FRAME);
        assert_eq!(areas.len(), 2);
        covers(&areas, &members, &others);
    }

    #[test]
    fn sixty_services_in_two_networks_enclose_nobody_else() {
        let all: Vec<Rect> =
            (0..60).map(|n| node(f64::from(n % 8) * 300.0, f64::from(n / 8) * 104.0)).collect();
        let (even, odd): (Vec<(usize, &Rect)>, Vec<(usize, &Rect)>) =
            all.iter().enumerate().partition(|(n, _)| n % 3 != 1);
        let (members, others): (Vec<Rect>, Vec<Rect>) = (
            even.into_iter().map(|(_, rect)| *rect).collect(),
            odd.into_iter().map(|(_, rect)| *rect).collect(),
        );
        covers(&areas(&members, &others, FRAME), &members, &others);
    }

    #[test]
    fn no_members_no_area() {
        assert!(areas(&[], &[node(0.0, 0.0)], FRAME).is_empty());
    }
}
