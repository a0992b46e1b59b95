//! A response body that records whether it was sent: if not, the command in it returns to the queue.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use stacker::services::Delivery;

#[derive(Debug)]
pub struct DeliveryBody {
    /// `None` once the connection has taken it.
    text: Option<Bytes>,
    delivery: Option<Delivery>,
}

impl DeliveryBody {
    pub fn new(text: Vec<u8>, delivery: Option<Delivery>) -> Self {
        Self { text: Some(text.into()), delivery }
    }

    pub fn into_body(self) -> Body {
        Body::new(self)
    }
}

impl HttpBody for DeliveryBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let text = self.text.take();
        if let Some(mut delivery) = text.as_ref().and_then(|_| self.delivery.take()) {
            delivery.written();
        }
        Poll::Ready(text.map(|text| Ok(Frame::data(text))))
    }

    fn is_end_stream(&self) -> bool {
        self.text.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.text.as_ref().map_or(0, |text| text.len() as u64))
    }
}
