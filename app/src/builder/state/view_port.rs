//! Which part of the stack is on the screen, and where in the window the canvas is.

use leptos::{html, prelude::*};
use web_sys::Element;

use crate::builder::model::geometry::{Rect, Vec2, View};

/// Canvas or list. With `AsFits`, the style sheet decides by the width of the window, without a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    AsFits,
    Canvas,
    List,
}

/// An app that is being dragged from the catalogue to the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    pub code: &'static str,
    /// The position of the pointer in the window.
    pub at: Vec2,
    /// Whether the app would be added if it were dropped now.
    pub over_canvas: bool,
}

#[derive(Clone, Copy)]
pub struct ViewPort {
    pub shown: RwSignal<Shown>,
    /// Pan and zoom.
    pub view: RwSignal<View>,
    /// The element of the canvas.
    pub surface: NodeRef<html::Div>,
    pub carried: RwSignal<Option<Carried>>,
}

impl ViewPort {
    pub fn new() -> Self {
        Self {
            shown: RwSignal::new(Shown::AsFits),
            view: RwSignal::new(View::default()),
            surface: NodeRef::new(),
            carried: RwSignal::new(None),
        }
    }

    /// The rectangle of the canvas in the window; `None` before the canvas is on the page.
    pub fn frame(&self) -> Option<Rect> {
        Some(frame_of(&*self.surface.get_untracked()?))
    }

    /// Converts a point of the window into a point measured from the corner of the canvas.
    pub fn place_of(&self, at: Vec2) -> Vec2 {
        at.minus(self.frame().map(|frame| frame.corner()).unwrap_or_default())
    }

    /// Converts a point of the window into canvas units; `None` if it is outside the canvas.
    pub fn canvas_point(&self, at: Vec2) -> Option<Vec2> {
        let frame = self.frame().filter(|frame| frame.contains(at))?;
        Some(self.view.get_untracked().to_canvas(at.minus(frame.corner())))
    }

    /// Whether the canvas is visible: on a phone the list takes its place.
    pub fn shows_canvas(&self) -> bool {
        self.frame().is_some_and(|frame| frame.width > 0.0)
    }
}

/// The rectangle of an element in the window.
pub fn frame_of(element: &Element) -> Rect {
    let rect = element.get_bounding_client_rect();
    Rect::new(rect.left(), rect.top(), rect.width(), rect.height())
}
