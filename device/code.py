"""Find the board, run sessions on it. What stops even that leaves the drive to the laptop, so that it can be mended."""

try:
    from backbeat.board import find
    from backbeat.main import main

    main(find())
except Exception as error:
    import traceback

    import microcontroller
    import storage

    if not storage.getmount("/").readonly and microcontroller.nvm is not None:
        try:
            with open("/crash.txt", "w") as file:
                file.write("".join(traceback.format_exception(error))[-2000:])
        except OSError:
            pass
        microcontroller.nvm[0:1] = b"\1"  # service, as in nvm.py, which may be what is missing
        microcontroller.reset()
    raise
