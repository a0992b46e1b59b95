//! Where an element is on the window.

use web_sys::Element;

use crate::builder::model::geometry::Vec2;

/// Upper left corner on the window and size of an element.
pub fn frame(element: &Element) -> (Vec2, Vec2) {
    let rect = element.get_bounding_client_rect();
    (Vec2::new(rect.left(), rect.top()), Vec2::new(rect.width(), rect.height()))
}
