//! What a pointer does on the canvas: a state and a step function, no browser in it.

use super::geometry::{Rect, Vec2, View, hit};

/// A press that moves less than this is a click.
pub const CLICK_DISTANCE: f64 = 4.0;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Background,
    Node(String),
    Handle(String),
    Wire { from: String, to: String },
}

/// All places are on the screen, from the canvas' corner.
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
    /// Drawing a box around nodes.
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
        /// The middle button, or the space bar is held.
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
    /// Adds to the selection, or takes out of it.
    Toggle(String),
    SelectWire {
        from: String,
        to: String,
    },
    SelectAll(Vec<String>),
    SelectNothing,
    Pan(Vec2),
    /// By so many canvas units.
    Move {
        services: Vec<String>,
        by: Vec2,
    },
    Connect {
        from: String,
        to: String,
    },
}

/// What stands on the canvas while the gesture goes on.
pub struct Scene<'s> {
    pub view: View,
    /// In the order of drawing.
    pub nodes: &'s [(String, Rect)],
    pub selected: &'s [String],
}

impl Scene<'_> {
    fn node_at(&self, screen: Vec2) -> Option<&str> {
        hit(self.nodes.iter().map(|(name, rect)| (name.as_str(), rect)), self.view.to_canvas(screen))
    }

    fn framed(&self, start: Vec2, now: Vec2) -> Vec<String> {
        let frame = Rect::between(self.view.to_canvas(start), self.view.to_canvas(now));
        self.nodes.iter().filter(|(_, rect)| rect.touches(&frame)).map(|(name, _)| name.clone()).collect()
    }
}

impl Gesture {
    pub fn is_idle(&self) -> bool {
        *self == Self::Idle
    }

    /// How far a service is carried right now, in canvas units.
    pub fn carries(&self, service: &str, view: View) -> Vec2 {
        match self {
            Self::Moving { services, start, now } if services.iter().any(|name| name == service) => {
                now.minus(*start).times(1.0 / view.scale)
            }
            _ => Vec2::default(),
        }
    }

    /// The node a wire would end at if it were let go now.
    pub fn wire_target<'s>(&self, scene: &'s Scene<'_>) -> Option<&'s str> {
        match self {
            Self::Wiring { from, now } => scene.node_at(*now).filter(|name| name != from),
            _ => None,
        }
    }

    pub fn step(self, input: Input, scene: &Scene<'_>) -> (Self, Option<Wish>) {
        match (self, input) {
            (_, Input::Cancel) => (Self::Idle, None),
            (_, Input::Down { at, pan: true, .. }) => (Self::Panning { last: at }, None),
            (_, Input::Down { target, at, additive, .. }) => {
                (Self::Pressed { target, start: at, additive }, None)
            }
            (Self::Pressed { target, start, additive }, Input::Move { at }) => {
                if at.minus(start).length() < CLICK_DISTANCE {
                    return (Self::Pressed { target, start, additive }, None);
                }
                begin(target, start, at, additive, scene)
            }
            (Self::Pressed { target, additive, .. }, Input::Up { .. }) => {
                (Self::Idle, Some(click(target, additive)))
            }
            (Self::Panning { last }, Input::Move { at }) => {
                (Self::Panning { last: at }, Some(Wish::Pan(at.minus(last))))
            }
            (Self::Framing { start, .. }, Input::Move { at }) => {
                (Self::Framing { start, now: at }, Some(Wish::SelectAll(scene.framed(start, at))))
            }
            (Self::Moving { services, start, .. }, Input::Move { at }) => {
                (Self::Moving { services, start, now: at }, None)
            }
            (Self::Moving { services, start, .. }, Input::Up { at }) => {
                let by = at.minus(start).times(1.0 / scene.view.scale);
                (Self::Idle, Some(Wish::Move { services, by }))
            }
            (Self::Wiring { from, .. }, Input::Move { at }) => (Self::Wiring { from, now: at }, None),
            (Self::Wiring { from, .. }, Input::Up { at }) => {
                let to = scene.node_at(at).filter(|to| *to != from).map(str::to_owned);
                (Self::Idle, to.map(|to| Wish::Connect { from, to }))
            }
            (Self::Panning { .. } | Self::Framing { .. }, Input::Up { .. }) => (Self::Idle, None),
            (Self::Idle, Input::Move { .. } | Input::Up { .. }) => (Self::Idle, None),
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

    fn nodes() -> Vec<(String, Rect)> {
        vec![
            ("web".to_owned(), Rect::new(0.0, 0.0, 224.0, 80.0)),
            ("db".to_owned(), Rect::new(400.0, 0.0, 224.0, 80.0)),
        ]
    }

    fn run(inputs: &[Input], selected: &[&str], scale: f64) -> (Gesture, Vec<Wish>) {
        let nodes = nodes();
        let selected: Vec<String> = selected.iter().map(|name| (*name).to_owned()).collect();
        let scene = Scene { view: View { scale, ..View::default() }, nodes: &nodes, selected: &selected };
        let mut wishes = Vec::new();
        let mut gesture = Gesture::Idle;
        for input in inputs {
            let (next, wish) = gesture.step(input.clone(), &scene);
            gesture = next;
            wishes.extend(wish);
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
