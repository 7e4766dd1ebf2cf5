//! Making a picture smaller: Lanczos, on stored values or in linear light.

use std::sync::LazyLock;

use fast_image_resize::images::Image;
use fast_image_resize::pixels::{U8, U8x2, U8x3, U8x4, U16, U16x2, U16x3, U16x4};
use fast_image_resize::{
    PixelComponentMapper, PixelTrait, PixelType, ResizeOptions, Resizer, create_srgb_mapper,
};

use crate::picture::{Layout, Picture};
use crate::read::Read;

/// A filter with its buffers.
pub(crate) struct Filter {
    resizer: Resizer,
    /// A picture in linear light takes twice as much as stored: kept from picture to picture.
    linear: Vec<u8>,
}

/// The tables of sRGB's curve, both ways: half a megabyte that never changes.
static SRGB: LazyLock<PixelComponentMapper> = LazyLock::new(create_srgb_mapper);

impl Filter {
    pub(crate) fn new() -> Self {
        Self {
            resizer: Resizer::new(),
            linear: Vec::new(),
        }
    }

    /// The picture of `read`, as large as its plan says, not yet turned.
    pub(crate) fn apply(&mut self, read: &mut Read, linear: bool) -> Picture {
        let options = options(read);
        let picture = &mut read.picture;
        // Inks are no light: how they mix, no curve says.
        if linear && picture.layout != Layout::Cmyk8 {
            return self.in_linear_light(picture, read.plan.to, &options);
        }
        let layout = picture.layout;
        let mut result = Image::new(read.plan.to.0, read.plan.to.1, layout.pixel_type());
        self.resize(&mut view(picture), &mut result, &options);
        into_picture(result, layout)
    }

    fn in_linear_light(
        &mut self,
        picture: &mut Picture,
        to: (u32, u32),
        options: &ResizeOptions,
    ) -> Picture {
        let wide = picture.layout.widened().pixel_type();
        let length = picture.width as usize * picture.height as usize * wide.size();
        let mut buffer = std::mem::take(&mut self.linear);
        buffer.resize(length, 0);
        let mut light = Image::from_vec_u8(picture.width, picture.height, buffer, wide)
            .expect("the buffer was made for it");
        SRGB.forward_map(&view(picture), &mut light)
            .expect("8 and 16 bits both become 16");
        let mut small = Image::new(to.0, to.1, wide);
        self.resize(&mut light, &mut small, options);
        self.linear = light.into_vec();

        let mut result = Image::new(to.0, to.1, picture.layout.pixel_type());
        SRGB.backward_map(&small, &mut result)
            .expect("16 bits become 8 or 16");
        into_picture(result, picture.layout)
    }

    fn resize(&mut self, source: &mut Image<'_>, result: &mut Image<'_>, options: &ResizeOptions) {
        let by_type = match source.pixel_type() {
            PixelType::U8 => Self::resize_as::<U8>,
            PixelType::U8x2 => Self::resize_as::<U8x2>,
            PixelType::U8x3 => Self::resize_as::<U8x3>,
            PixelType::U8x4 => Self::resize_as::<U8x4>,
            PixelType::U16 => Self::resize_as::<U16>,
            PixelType::U16x2 => Self::resize_as::<U16x2>,
            PixelType::U16x3 => Self::resize_as::<U16x3>,
            PixelType::U16x4 => Self::resize_as::<U16x4>,
            other => unreachable!("no layout of ours: {other:?}"),
        };
        by_type(self, source, result, options);
    }

    /// The filter is compiled anew for each type of pixels and each kind of image: for those that a picture can have, and
    /// for the kind alone that it uses inside too. That halves the time that this crate takes to build, and the library's own
    /// choice by type, which has all of them, does the same work.
    fn resize_as<P: PixelTrait>(
        &mut self,
        source: &mut Image<'_>,
        result: &mut Image<'_>,
        options: &ResizeOptions,
    ) {
        let typed = "a picture's type is that of its pixels";
        let source = source.typed_image_mut::<P>().expect(typed);
        let mut result = result.typed_image_mut::<P>().expect(typed);
        self.resizer
            .resize_typed(&source, &mut result, options)
            .expect("the part lies inside");
        // What lies between the two passes is not kept: the next picture's decoder has use for the memory first.
        self.resizer.reset_internal_buffers();
    }
}

/// The middle part of the picture, where it was decoded at a reduced scale: the plan's lengths in its pixels. The
/// decoder rounds sizes up, and what it made of the missing rest is left out.
fn options(read: &Read) -> ResizeOptions {
    let scale = f64::from(read.eighths) / 8.0;
    let (width, height) = read.about.size;
    let (width, height) = (f64::from(width) * scale, f64::from(height) * scale);
    let (wide, high) = (read.plan.part.0 * scale, read.plan.part.1 * scale);
    ResizeOptions::new()
        .crop((width - wide) / 2.0, (height - high) / 2.0, wide, high)
        .use_alpha(read.picture.layout.has_alpha())
}

fn view(picture: &mut Picture) -> Image<'_> {
    let kind = picture.layout.pixel_type();
    Image::from_slice_u8(picture.width, picture.height, &mut picture.data, kind)
        .expect("a picture has as many bytes as its size says")
}

fn into_picture(image: Image<'_>, layout: Layout) -> Picture {
    Picture {
        width: image.width(),
        height: image.height(),
        layout,
        data: image.into_vec(),
    }
}
