"""Style sheet and scripts of the pages: sources here, compiled into ``server/static/dist``."""
