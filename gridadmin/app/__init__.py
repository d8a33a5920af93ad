"""The composition root: stores, documents and exchange put together into what a user asks for."""
