//! Pointer gestures on the canvas: a state machine.

use super::{
    geometry::{Rect, Vec2, View, hit},
    picture::Node,
};

/// A press that moves less than this is a click.
pub const CLICK_DISTANCE: f64 = 4.0;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    #[default]
    Background,
    Node(String),
    Handle(String),
    Wire {
        from: String,
        to: String,
    },
}

/// All points are in screen pixels, measured from the upper left corner of the canvas.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    #[default]
    Idle,
    Pressed {
        target: Target,
        start: Vec2,
        additive: bool,
    },
    Panning {
        last: Vec2,
    },
    /// The user is drawing a box around nodes.
    Framing {
        start: Vec2,
        now: Vec2,
    },
    Moving {
        services: Vec<String>,
        start: Vec2,
        now: Vec2,
    },
    Wiring {
        from: String,
        now: Vec2,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Down {
        target: Target,
        at: Vec2,
        /// Shift or Ctrl is held.
        additive: bool,
        /// The middle button is used, or the space bar is held.
        pan: bool,
    },
    Move {
        at: Vec2,
    },
    Up {
        at: Vec2,
    },
    Cancel,
}

/// What the gesture asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    Select(String),
    /// Adds the service to the selection, or removes it if it is selected.
    Toggle(String),
    SelectWire {
        from: String,
        to: String,
    },
    SelectAll(Vec<String>),
    SelectNothing,
    Pan(Vec2),
    /// `by` is in canvas units.
    Move {
        services: Vec<String>,
        by: Vec2,
    },
    Connect {
        from: String,
        to: String,
    },
}

/// The content of the canvas during the gesture.
pub struct Scene<'s> {
    pub view: View,
    /// In drawing order: the last node is on top.
    pub nodes: &'s [Node],
    pub selected: &'s [String],
}

impl Scene<'_> {
    fn node_at(&self, screen: Vec2) -> Option<&str> {
        let nodes = self.nodes.iter().map(|node| (node.service.as_str(), &node.rect));
        hit(nodes, self.view.to_canvas(screen))
    }

    fn framed(&self, start: Vec2, now: Vec2) -> Vec<String> {
        let frame = Rect::between(self.view.to_canvas(start), self.view.to_canvas(now));
        let framed = self.nodes.iter().filter(|node| node.rect.touches(&frame));
        framed.map(|node| node.service.clone()).collect()
    }
}

impl Gesture {
    pub fn is_idle(&self) -> bool {
        *self == Self::Idle
    }

    /// How far the gesture has moved a service so far, in canvas units.
    pub fn carries(&self, service: &str, view: View) -> Vec2 {
        match self {
            Self::Moving { services, start, now } if services.iter().any(|name| name == service) => {
                now.minus(*start).times(1.0 / view.scale)
            }
            _ => Vec2::default(),
        }
    }

    /// The node at which a wire would end if the pointer were released now.
    pub fn wire_target<'s>(&self, scene: &'s Scene<'_>) -> Option<&'s str> {
        match self {
            Self::Wiring { from, now } => scene.node_at(*now).filter(|name| name != from),
            _ => None,
        }
    }

    /// Processes one input and returns what the gesture asks for.
    pub fn step(&mut self, input: Input, scene: &Scene<'_>) -> Option<Wish> {
        match input {
            Input::Down { at, pan: true, .. } => *self = Self::Panning { last: at },
            Input::Down { target, at, additive, .. } => {
                *self = Self::Pressed { target, start: at, additive };
            }
            Input::Move { at } => return self.moved(at, scene),
            Input::Up { at } => return std::mem::take(self).let_go(at, scene),
            Input::Cancel => *self = Self::Idle,
        }
        None
    }

    /// Changes positions only, because this runs at every move of the pointer.
    fn moved(&mut self, to: Vec2, scene: &Scene<'_>) -> Option<Wish> {
        match self {
            Self::Idle => None,
            Self::Pressed { start, .. } if to.minus(*start).length() < CLICK_DISTANCE => None,
            Self::Pressed { target, start, additive } => {
                let (gesture, wish) = begin(std::mem::take(target), *start, to, *additive, scene);
                *self = gesture;
                wish
            }
            Self::Panning { last } => {
                let by = to.minus(*last);
                *last = to;
                Some(Wish::Pan(by))
            }
            Self::Framing { start, now } => {
                *now = to;
                Some(Wish::SelectAll(scene.framed(*start, to)))
            }
            Self::Moving { now, .. } | Self::Wiring { now, .. } => {
                *now = to;
                None
            }
        }
    }

    fn let_go(self, at: Vec2, scene: &Scene<'_>) -> Option<Wish> {
        match self {
            Self::Pressed { target, additive, .. } => Some(click(target, additive)),
            Self::Moving { services, start, .. } => {
                Some(Wish::Move { services, by: at.minus(start).times(1.0 / scene.view.scale) })
            }
            Self::Wiring { from, .. } => {
                let to = scene.node_at(at).filter(|to| *to != from)?.to_owned();
                Some(Wish::Connect { from, to })
            }
            Self::Idle | Self::Panning { .. } | Self::Framing { .. } => None,
        }
    }
}

fn begin(
    target: Target,
    start: Vec2,
    at: Vec2,
    additive: bool,
    scene: &Scene<'_>,
) -> (Gesture, Option<Wish>) {
    match target {
        Target::Handle(from) => (Gesture::Wiring { from, now: at }, None),
        Target::Node(name) => {
            let (services, wish) = if scene.selected.contains(&name) {
                (scene.selected.to_vec(), None)
            } else {
                (vec![name.clone()], Some(Wish::Select(name)))
            };
            (Gesture::Moving { services, start, now: at }, wish)
        }
        Target::Background if additive => {
            (Gesture::Framing { start, now: at }, Some(Wish::SelectAll(scene.framed(start, at))))
        }
        Target::Background | Target::Wire { .. } => {
            (Gesture::Panning { last: at }, Some(Wish::Pan(at.minus(start))))
        }
    }
}

fn click(target: Target, additive: bool) -> Wish {
    match target {
        Target::Node(name) if additive => Wish::Toggle(name),
        Target::Node(name) | Target::Handle(name) => Wish::Select(name),
        Target::Wire { from, to } => Wish::SelectWire { from, to },
        Target::Background => Wish::SelectNothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes() -> [Node; 2] {
        let node = |service: &str, x| Node {
            service: service.to_owned(),
            rect: Rect::new(x, 0.0, 224.0, 80.0),
            ..Node::default()
        };
        [node("web", 0.0), node("db", 400.0)]
    }

    fn run(inputs: &[Input], selected: &[&str], scale: f64) -> (Gesture, Vec<Wish>) {
        let nodes = nodes();
        let selected: Vec<String> = selected.iter().map(|name| (*name).to_owned()).collect();
        let scene = Scene { view: View { scale, ..View::default() }, nodes: &nodes, selected: &selected };
        let mut wishes = Vec::new();
        let mut gesture = Gesture::Idle;
        for input in inputs {
            wishes.extend(gesture.step(input.clone(), &scene));
        }
        (gesture, wishes)
    }

    fn at(x: f64, y: f64) -> Vec2 {
        Vec2::new(x, y)
    }

    fn down(target: Target, x: f64, y: f64) -> Input {
        Input::Down { target, at: at(x, y), additive: false, pan: false }
    }

    #[test]
    fn a_press_that_hardly_moves_is_a_click() {
        let (end, wishes) = run(
            &[
                down(Target::Node("web".into()), 10.0, 10.0),
                Input::Move { at: at(12.0, 11.0) },
                Input::Up { at: at(12.0, 11.0) },
            ],
            &[],
            1.0,
        );
        assert!(end.is_idle());
        assert_eq!(wishes, [Wish::Select("web".into())]);
    }

    #[test]
    fn dragging_a_node_moves_it_in_canvas_units() {
        let (_, wishes) = run(
            &[
                down(Target::Node("web".into()), 10.0, 10.0),
                Input::Move { at: at(60.0, 10.0) },
                Input::Up { at: at(60.0, 30.0) },
            ],
            &[],
            0.5,
        );
        let moved = Wish::Move { services: vec!["web".into()], by: at(100.0, 40.0) };
        assert_eq!(wishes, [Wish::Select("web".into()), moved]);
    }

    #[test]
    fn dragging_one_of_the_selected_takes_all_along() {
        let (_, wishes) = run(
            &[
                down(Target::Node("web".into()), 10.0, 10.0),
                Input::Move { at: at(30.0, 10.0) },
                Input::Up { at: at(30.0, 10.0) },
            ],
            &["web", "db"],
            1.0,
        );
        assert_eq!(wishes, [Wish::Move { services: vec!["web".into(), "db".into()], by: at(20.0, 0.0) }]);
    }

    #[test]
    fn a_wire_let_go_on_a_node_connects() {
        let drag = |x, y| {
            run(
                &[
                    down(Target::Handle("web".into()), 224.0, 40.0),
                    Input::Move { at: at(300.0, 40.0) },
                    Input::Up { at: at(x, y) },
                ],
                &[],
                1.0,
            )
            .1
        };
        assert_eq!(drag(450.0, 40.0), [Wish::Connect { from: "web".into(), to: "db".into() }]);
        assert_eq!(drag(300.0, 200.0), []);
        assert_eq!(drag(100.0, 40.0), [], "a service does not depend on itself");
    }

    #[test]
    fn the_background_pans_and_with_shift_it_frames() {
        let (_, wishes) = run(
            &[
                down(Target::Background, 0.0, 200.0),
                Input::Move { at: at(10.0, 210.0) },
                Input::Move { at: at(15.0, 210.0) },
            ],
            &[],
            1.0,
        );
        assert_eq!(wishes, [Wish::Pan(at(10.0, 10.0)), Wish::Pan(at(5.0, 0.0))]);
        let shift =
            Input::Down { target: Target::Background, at: at(-20.0, -20.0), additive: true, pan: false };
        let (_, wishes) = run(&[shift, Input::Move { at: at(50.0, 50.0) }], &[], 1.0);
        assert_eq!(wishes, [Wish::SelectAll(vec!["web".into()])]);
    }

    #[test]
    fn escape_puts_everything_back() {
        let (end, wishes) = run(
            &[
                down(Target::Node("web".into()), 10.0, 10.0),
                Input::Move { at: at(60.0, 10.0) },
                Input::Cancel,
            ],
            &["web"],
            1.0,
        );
        assert!(end.is_idle());
        assert_eq!(wishes, []);
    }
}
